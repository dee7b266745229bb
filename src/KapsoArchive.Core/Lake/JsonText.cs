namespace KapsoArchive.Core.Lake;

/// <summary>Unescapes a JSON string. <see cref="System.Text.Json.Utf8JsonReader.GetString"/> throws on an unpaired surrogate, which real
/// messages contain. This replaces it with U+FFFD and reports that, so that the caller can keep the original.</summary>
internal static class JsonText
{
    /// <summary>The length of <c>\uXXXX</c> in bytes.</summary>
    private const int EscapeLength = 6;

    /// <summary>Whether a string or name contains the escape of an unpaired surrogate.</summary>
    /// <param name="json">JSON that a JSON reader has accepted. A backslash in it always starts an escape, because backslashes occur only
    /// in strings.</param>
    public static bool HasHalfPair(ReadOnlySpan<byte> json) => IndexOfHalfPair(json, 0) >= 0;

    /// <summary>Replaces each unpaired surrogate with the escape of U+FFFD, which has the same length.</summary>
    /// <param name="json">Same as for <see cref="HasHalfPair"/>.</param>
    public static void ReplaceHalfPairs(Span<byte> json)
    {
        for (int at = IndexOfHalfPair(json, 0); at >= 0; at = IndexOfHalfPair(json, at + EscapeLength))
            "fffd"u8.CopyTo(json[(at + 2)..]);
    }

    /// <param name="escaped">The bytes between the quotes of a JSON string that a JSON reader has accepted.</param>
    /// <param name="exact">False if an unpaired surrogate was replaced.</param>
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
            if (char.IsHighSurrogate(unit) && escaped is [(byte)'\\', (byte)'u', ..] && CodeUnit(escaped) is char low
                && char.IsLowSurrogate(low))
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

    /// <param name="from">A position outside of any escape.</param>
    private static int IndexOfHalfPair(ReadOnlySpan<byte> json, int from)
    {
        while (json[from..].IndexOf((byte)'\\') is >= 0 and int next)
        {
            int at = from + next;
            from = at + 2;
            if (json[at + 1] != 'u')
                continue;
            from = at + EscapeLength;
            char unit = CodeUnit(json[at..]);
            if (!char.IsSurrogate(unit))
                continue;
            if (char.IsLowSurrogate(unit) || json[from..] is not [(byte)'\\', (byte)'u', ..]
                || !char.IsLowSurrogate(CodeUnit(json[from..])))
                return at;
            from += EscapeLength;
        }

        return -1;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

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
