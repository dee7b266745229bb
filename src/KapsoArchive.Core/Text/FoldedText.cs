using AnyAscii;

namespace KapsoArchive.Core.Text;

/// <summary>Text for comparison: without case, accents, compatibility forms, and invisible characters. Every script becomes Latin letters,
/// so a name is found by its usual transliteration too. The base library cannot do this here, because the programs run without
/// ICU.</summary>
public static class FoldedText
{
    /// <returns>Lower-case words with one space between them; empty for null.</returns>
    public static string Of(string? text) =>
        string.Join(' ', (text ?? "").Transliterate().ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Where a text has the first occurrence of a folded one: the place and length of the characters that stand for
    /// it.</summary>
    /// <param name="wanted">What <see cref="Of"/> returned for the text that is looked for.</param>
    /// <returns>The length is 0 if it does not occur.</returns>
    public static (int Start, int Length) Find(string text, string wanted)
    {
        var folded = new StringBuilder(text.Length);
        List<int> origins = new(text.Length);
        int at = 0;
        bool isSpace = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (char c in rune.ToString().Transliterate().ToLowerInvariant())
            {
                if (char.IsWhiteSpace(c))
                {
                    isSpace = folded.Length > 0;
                    continue;
                }

                if (isSpace)
                {
                    folded.Append(' ');
                    origins.Add(at);
                }

                isSpace = false;
                folded.Append(c);
                origins.Add(at);
            }

            at += rune.Utf16SequenceLength;
        }

        int found = folded.ToString().IndexOf(wanted, StringComparison.Ordinal);
        if (found < 0)
            return (0, 0);
        int last = origins[found + wanted.Length - 1];
        return (origins[found], last - origins[found] + (char.IsHighSurrogate(text[last]) && last + 1 < text.Length ? 2 : 1));
    }
}
