namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Detects texts that a spreadsheet would convert to a number and show differently. A spreadsheet keeps 15 digits, shows more than
/// 11 as a power of ten and saves what it shows, drops leading zeros, and evaluates exponents.</summary>
internal static class SpreadsheetNumber
{
    private const int MostDigits = 11;

    private static readonly SearchValues<byte> Characters = SearchValues.Create("0123456789.,eE+-"u8);

    public static bool IsAltered(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]) || text.ContainsAnyExcept(Characters))
            return false;
        int digits = text.Length - text.Count((byte)'.') - text.Count((byte)',');
        return digits > MostDigits || (text.Length > 1 && text[0] == '0' && char.IsAsciiDigit((char)text[1]))
            || text.ContainsAny((byte)'e', (byte)'E');
    }
}
