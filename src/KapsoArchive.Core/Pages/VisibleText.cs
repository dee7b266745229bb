using System.Globalization;
using System.Text;

namespace KapsoArchive.Core.Pages;

/// <summary>Makes text safe to show: what a reader could not see, or what changes the order in which other text is read, stands there by its name instead.</summary>
/// <remarks>
/// Control characters become their pictures (␛), embeddings and overrides of the direction and other invisible commands become <c>[U+202E]</c>. Line breaks and tabs stay, and so do the joiners and
/// direction marks that ordinary writing in many languages needs.
/// </remarks>
public static class VisibleText
{
    private const char Pictures = '\u2400';
    private const char PictureOfDelete = '\u2421';

    /// <summary>The text as it can be shown; empty for null.</summary>
    public static string Of(string? text)
    {
        if (text is null)
            return "";
        int first = text.AsSpan().IndexOfAny(Hidden);
        if (first < 0 && !HasOddSurrogate(text))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes()) // Half a surrogate pair comes as U+FFFD.
            Append(shown, rune);
        return shown.ToString();
    }

    /// <summary>The text as it can be shown on one line.</summary>
    public static string Line(string? text) => Of(text).Replace('\n', ' ').Replace('\t', ' ');

    private static readonly System.Buffers.SearchValues<char> Hidden = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => IsHidden(c))]);

    private static void Append(StringBuilder shown, Rune rune)
    {
        int value = rune.Value;
        if (value > char.MaxValue ? (value & 0xfffe) != 0xfffe : !IsHidden((char)value))
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

    /// <summary>Half a pair, or a pair that is no character.</summary>
    private static bool HasOddSurrogate(string text)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]) || (char.ConvertToUtf32(text[i], text[++i]) & 0xfffe) == 0xfffe)
                return true;
        }

        return false;
    }
}
