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
}
