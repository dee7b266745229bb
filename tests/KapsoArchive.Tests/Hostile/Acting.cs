namespace KapsoArchive.Tests.Hostile;

/// <summary>Characters that do something where they are printed.</summary>
internal static class Acting
{
    /// <summary>Every control but tab and line breaks, and what changes the direction or ends a line.</summary>
    public static char[] Characters { get; } =
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r')),
        '\u061c', '\u200e', '\u200f', .. Enumerable.Range(0x202a, 5).Select(c => (char)c), .. Enumerable.Range(0x2066, 4).Select(c => (char)c), '\u2028', '\u2029',
    ];

    /// <summary>The same without the marks of direction, which writing from right to left needs: pages keep each text apart from its neighbours.</summary>
    public static char[] InPages { get; } = [.. Characters.Except(['\u061c', '\u200e', '\u200f'])];

    /// <summary>All of them in one text.</summary>
    public static string Text { get; } = $"a{new string(Characters)}b";

    public static void ShouldNotContain(this string text, char[] characters) =>
        text.Where(characters.Contains).Select(c => $"U+{(int)c:X4}").Distinct().ShouldBeEmpty(text.Length > 2_000 ? text[..2_000] : text);
}
