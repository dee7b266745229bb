using System.Globalization;
using System.Text;

namespace KapsoArchive.Core.Text;

/// <summary>
/// The one way for foreign text to a terminal, a log, a problem answer, a page or a table: a character that a reader could not see, or that changes how other text is read, is shown by its name.
/// Foreign is what the source, a file of an archive, a lock or a request says.
/// </summary>
/// <remarks>Control characters become their pictures (␛), embeddings and overrides of the direction and other invisible commands become <c>[U+202E]</c>, half a surrogate pair becomes U+FFFD.</remarks>
public static class VisibleText
{
    private const char Pictures = '\u2400';
    private const char PictureOfDelete = '\u2421';

    /// <summary>For a page: line breaks and tabs stay, and so do the joiners and direction marks that ordinary writing in many languages needs. Empty for null.</summary>
    public static string Of(string? text) => Shown(text, IsHidden);

    /// <summary>As <see cref="Of"/>, on one line.</summary>
    public static string Line(string? text) => OnOneLine(Of(text));

    /// <summary>For a terminal or a log, of several lines: as <see cref="Of"/>, and direction marks are shown too.</summary>
    public static string Printed(string? text) => Shown(text, IsHiddenOnTerminal);

    /// <summary>As <see cref="Printed"/>, on one line: for what is put into a sentence of this program.</summary>
    public static string PrintedLine(string? text) => OnOneLine(Printed(text));

    /// <summary>A sentence of this program in the invariant culture, with each text that is put into it on one line.</summary>
    public static string Sentence(FormattableString text) => string.Format(
        CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(argument => argument is string foreign ? PrintedLine(foreign) : argument)]);

    /// <summary>JSON with the same value, in which each character that would act on a terminal is escaped.</summary>
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

    /// <summary>For a cell of a table: as <see cref="Of"/>, and line breaks stay as they are.</summary>
    public static string InSheet(string? text) => Shown(text, IsHiddenInSheet);

    /// <summary>Whether <see cref="Of"/> gives the same text.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !Has(text, IsHidden) && !HasOddSurrogate(text);

    private static string OnOneLine(string text) => text.Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>Runs of plain characters are skipped at once.</summary>
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
        if (!Has(text, isHidden) && !HasOddSurrogate(text))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes()) // Half a surrogate pair comes as U+FFFD.
            Append(shown, rune, isHidden);
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

    /// <summary>Controls but for tab and line feed; embeddings, overrides and isolates of the direction; separators of lines and paragraphs; what only programs read, and what is no character.</summary>
    private static bool IsHidden(char c) => c is not ('\n' or '\t')
        && (char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or '\u2028' or '\u2029' or '\ufeff' or (>= '\ufff9' and <= '\ufffb') or (>= '\ufdd0' and <= '\ufdef') or >= '\ufffe');

    private static bool IsHiddenOnTerminal(char c) => IsHidden(c) || IsMark(c);

    private static bool IsHiddenInSheet(char c) => c != '\r' && IsHidden(c);

    private static bool IsHiddenInJson(char c) => c is not '\r' and not '\ufffe' and not '\uffff' && IsHiddenOnTerminal(c);

    /// <summary>Marks of the direction, which turn what stands beside them.</summary>
    private static bool IsMark(char c) => c is '\u200e' or '\u200f' or '\u061c';

    /// <summary>Half a pair, or a pair that is no character.</summary>
    private static bool HasOddSurrogate(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]) || (char.ConvertToUtf32(text[i], text[++i]) & 0xfffe) == 0xfffe)
                return true;
        }

        return false;
    }
}
