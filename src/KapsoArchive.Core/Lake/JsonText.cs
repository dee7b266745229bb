using System.Globalization;
using System.Text;

namespace KapsoArchive.Core.Lake;

/// <summary>
/// Takes the escapes out of a JSON string. <see cref="System.Text.Json.Utf8JsonReader.GetString"/> throws on half a surrogate pair, which real messages contain;
/// this puts U+FFFD in its place and says so, so that the caller keeps the original beside it.
/// </summary>
internal static class JsonText
{
    /// <param name="escaped">The bytes between the quotes of a JSON string that a JSON reader has accepted.</param>
    /// <param name="exact">False where half a surrogate pair was replaced.</param>
    public static byte[] Unescape(ReadOnlySpan<byte> escaped, out bool exact)
    {
        exact = true;
        byte[] text = new byte[escaped.Length];
        int length = 0;
        while (!escaped.IsEmpty)
        {
            int run = escaped.IndexOf((byte)'\\');
            if (run < 0)
                run = escaped.Length;
            escaped[..run].CopyTo(text.AsSpan(length));
            length += run;
            escaped = escaped[run..];
            if (escaped.IsEmpty)
                break;

            if (escaped[1] != 'u')
            {
                text[length++] = Simple(escaped[1]);
                escaped = escaped[2..];
                continue;
            }

            char unit = CodeUnit(escaped);
            escaped = escaped[6..];
            if (char.IsHighSurrogate(unit) && escaped is [(byte)'\\', (byte)'u', ..] && CodeUnit(escaped) is char low && char.IsLowSurrogate(low))
            {
                length += new Rune(unit, low).EncodeToUtf8(text.AsSpan(length));
                escaped = escaped[6..];
                continue;
            }

            exact &= Rune.TryCreate(unit, out Rune rune);
            length += (Rune.IsValid(unit) ? rune : Rune.ReplacementChar).EncodeToUtf8(text.AsSpan(length));
        }

        return text[..length];
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) => (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escape,
    };
}
