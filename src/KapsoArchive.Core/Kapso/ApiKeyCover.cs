using System.Net.Http.Headers;

namespace KapsoArchive.Core.Kapso;

/// <summary>Removes the API key from text that a source sends. It finds the whole key and pieces of eight characters, in any case, with any
/// separators, and also as Base64, hexadecimal digits or percent escapes. Apply it before shortening a text, because it cannot find a
/// truncated piece.</summary>
internal sealed class ApiKeyCover
{
    private const int Piece = 8;
    private const string Cover = "(the key)";

    private readonly HashSet<string> _pieces = new(StringComparer.Ordinal);
    private readonly int[] _lengths;

    public ApiKeyCover(IEnumerable<string> keys)
    {
        foreach (string form in keys.SelectMany(Forms).Select(Letters).Where(f => f.Length > 0))
        {
            int length = Math.Min(Piece, form.Length);
            for (int at = 0; at + length <= form.Length; at++)
                _pieces.Add(form.Substring(at, length));
        }

        _lengths = [.. _pieces.Select(p => p.Length).Distinct()];
    }

    /// <summary>A cover for the key in these headers.</summary>
    public static ApiKeyCover Of(HttpRequestHeaders headers) =>
        new(headers.TryGetValues(KapsoServices.KeyHeader, out IEnumerable<string>? keys) ? keys : []);

    /// <summary>Whether a text or address contains the key or a piece of it.</summary>
    public bool Covers(string text) => Over(text) != text;

    /// <summary>Returns the text without the key.</summary>
    public string Over(string text)
    {
        int[] places = [.. Enumerable.Range(0, text.Length).Where(i => IsLetter(text[i]))];
        string letters = Letters(text);
        bool[] isCovered = new bool[text.Length];
        bool any = false;
        foreach (int length in _lengths)
        {
            for (int at = 0; at + length <= letters.Length; at++)
            {
                if (!_pieces.Contains(letters.Substring(at, length)))
                    continue;
                any = true;
                Array.Fill(isCovered, true, places[at], places[at + length - 1] - places[at] + 1);
            }
        }

        if (!any)
            return text;
        var shown = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (!isCovered[i])
                shown.Append(text[i]);
            else if (i == 0 || !isCovered[i - 1])
                shown.Append(Cover);
        }

        return shown.ToString();
    }

    private static IEnumerable<string> Forms(string key)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        yield return key;
        yield return Uri.EscapeDataString(key);
        yield return Convert.ToHexString(bytes);
        for (int before = 0; before < 3; before++)
        {
            // In Base64 of a longer text the key may start at any of three offsets in a group. Characters that depend on the neighbours are
            // omitted.
            string text = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            yield return text[(before == 0 ? 0 : before + 1)..^(text.Length % 4 == 0 ? 0 : 1)];
        }
    }

    private static bool IsLetter(char c) => char.IsAsciiLetterOrDigit(c);

    private static string Letters(string text) => string.Concat(text.Where(IsLetter).Select(char.ToLowerInvariant));
}
