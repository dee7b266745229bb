namespace KapsoArchive.Core.Text;

/// <summary>Makes foreign text safe for a terminal, a log, a problem response, a view or a table. It replaces each invisible character, and
/// each that changes how other text is read, with its name. Text is foreign if it comes from the source, a file of an archive, a lock or a
/// request.</summary>
/// <remarks>
/// Control characters become their pictures (␛). Directional embeddings, overrides and other invisible commands become <c>[U+202E]</c>.
/// Unpaired surrogates become U+FFFD.
/// </remarks>
public static class VisibleText
{
    private const char Pictures = '\u2400';
    private const char PictureOfDelete = '\u2421';

    /// <summary>For a view: keeps line breaks and tabs, and the joiners and direction marks that many scripts need. Empty for
    /// null.</summary>
    public static string Of(string? text) => Shown(text, IsHidden);

    /// <summary>Same as <see cref="Of"/>, on one line.</summary>
    public static string Line(string? text) => OnOneLine(Of(text));

    /// <summary>For several lines in a terminal or a log: same as <see cref="Of"/>, but also shows direction marks.</summary>
    public static string Printed(string? text) => Shown(text, IsHiddenOnTerminal);

    /// <summary>Same as <see cref="Printed"/>, on one line, for use within a sentence of this program.</summary>
    public static string PrintedLine(string? text) => OnOneLine(Printed(text));

    /// <summary>Formats a sentence of this program in the invariant culture. Each inserted text is put on one line.</summary>
    public static string Sentence(FormattableString text) => string.Format(
        CultureInfo.InvariantCulture, text.Format,
        [.. text.GetArguments().Select(argument => argument is string foreign ? PrintedLine(foreign) : argument)]);

    /// <summary>Returns JSON with the same value, but escapes each character that would affect a terminal.</summary>
    public static string Json(string json)
    {
        if (!Has(json, IsHiddenInJson))
            return json;
        var shown = new StringBuilder(json.Length + 16);
        foreach (char c in json)
        {
            if (IsHiddenInJson(c))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                shown.Append(c);
        }

        return shown.ToString();
    }

    /// <summary>For a cell of a table: same as <see cref="Of"/>, but keeps all line breaks.</summary>
    public static string InSheet(string? text) => Shown(text, IsHiddenInSheet);

    /// <summary>Whether <see cref="Of"/> returns the text unchanged.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !Has(text, IsHidden) && !HasOddSurrogate(text);

    /// <summary>The text up to a length in characters, and never half of a surrogate pair.</summary>
    public static string Beginning(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Whether a reader sees nothing of the text, although it may have characters.</summary>
    public static bool IsBlank(string? text)
    {
        if (text is null)
            return true;
        if (text.AsSpan().ContainsAnyInRange('!', '~'))
            return false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !IsInvisible(rune))
                return false;
        }

        return true;
    }

    /// <summary>Whether a character leaves no mark on the screen although it is not white space: fillers, the empty Braille pattern,
    /// characters for formatting, variation selectors.</summary>
    public static bool IsInvisible(Rune rune) => !Rune.IsWhiteSpace(rune)
        && (rune.Value is 0x2800 or 0x3164 or 0xffa0 or 0x115f or 0x1160 or 0x034f or 0x17b4 or 0x17b5
                or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0000 and <= 0xe0fff)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control);

    private static string OnOneLine(string text) => text.Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>Skips each run of plain characters in one step.</summary>
    private static bool Has(ReadOnlySpan<char> text, Func<char, bool> isHidden)
    {
        while (text.IndexOfAnyExceptInRange(' ', '~') is >= 0 and int at)
        {
            if (isHidden(text[at]))
                return true;
            text = text[(at + 1)..];
        }

        return false;
    }

    private static string Shown(string? text, Func<char, bool> isHidden)
    {
        if (text is null)
            return "";
        bool isBlank = IsBlank(text) && !string.IsNullOrWhiteSpace(text); // A text of invisible characters alone names them.
        if (!isBlank && !Has(text, isHidden) && !HasOddSurrogate(text))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes()) // EnumerateRunes returns U+FFFD for an unpaired surrogate.
        {
            if (isBlank && rune.Value > '\x7f' && !Rune.IsWhiteSpace(rune))
                shown.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
            else
                Append(shown, rune, isHidden);
        }

        return shown.ToString();
    }

    private static void Append(StringBuilder shown, Rune rune, Func<char, bool> isHidden)
    {
        int value = rune.Value;
        if (value > char.MaxValue ? (value & 0xfffe) != 0xfffe : !isHidden((char)value))
            shown.Append(rune.ToString());
        else if (value is '\r' or '\u2028' or '\u2029' or '\u0085')
            shown.Append(value == '\r' ? "" : "\n");
        else if (value is < ' ')
            shown.Append((char)(Pictures + value));
        else if (value == '\x7f')
            shown.Append(PictureOfDelete);
        else
            shown.Append(CultureInfo.InvariantCulture, $"[U+{value:X4}]");
    }

    /// <summary>Control characters except tab and line feed; directional embeddings, overrides and isolates; line and paragraph separators;
    /// characters for programs only, and noncharacters.</summary>
    private static bool IsHidden(char c) => c is not ('\n' or '\t')
        && (char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or '\u2028' or '\u2029' or '\ufeff'
            or (>= '\ufff9' and <= '\ufffb') or (>= '\ufdd0' and <= '\ufdef') or >= '\ufffe');

    private static bool IsHiddenOnTerminal(char c) => IsHidden(c) || IsMark(c);

    private static bool IsHiddenInSheet(char c) => c != '\r' && IsHidden(c);

    private static bool IsHiddenInJson(char c) => c is not '\r' and not '\ufffe' and not '\uffff' && IsHiddenOnTerminal(c);

    /// <summary>Direction marks, which affect the text beside them.</summary>
    private static bool IsMark(char c) => c is '\u200e' or '\u200f' or '\u061c';

    /// <summary>Whether the text has an unpaired surrogate or a noncharacter outside the basic plane.</summary>
    private static bool HasOddSurrogate(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])
                || (char.ConvertToUtf32(text[i], text[++i]) & 0xfffe) == 0xfffe)
                return true;
        }

        return false;
    }
}
