using System.Buffers.Text;

namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Decodes the percent escapes in a part of a link.</summary>
internal static class PercentText
{
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        byte[] decoded = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Utf8Parser.TryParse(text.Slice(i + 1, 2), out byte value, out int digits, 'x')
                && digits == 2)
            {
                decoded[length++] = value;
                i += 2;
                continue;
            }

            decoded[length++] = text[i];
        }

        return decoded[..length];
    }
}
