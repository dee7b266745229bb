using System.Text.Json;
using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Kapso;

/// <summary>Finds in an error's body what is meant for people.</summary>
internal static partial class ErrorText
{
    private const int MaxLength = 200;

    /// <summary>
    /// The texts of <c>error</c> and <c>message</c>, which the API documents, also where they stand in an object under <c>error</c>; in
    /// one line. Numbers of telephones and links do not
    /// come along. Null where the body is something else, such as a gateway's HTML.
    /// </summary>
    public static string? From(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            string text = string.Join(": ", Texts(json.RootElement).Distinct());
            string line = Link().Replace(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim(), "(a link)");
            line = Telephone().Replace(line, "(a number)");
            return line.Length == 0 ? null : line.Length > MaxLength ? line[..MaxLength] + "…" : line;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"https?://[^\s""'<>]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    /// <summary>Seven digits or more, or a plus and digits with what people put between them; no part of an id.</summary>
    [GeneratedRegex(@"(?<![\w-])(?:\+\d[\d ().-]{5,}\d|\d{7,})(?![\w-])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Telephone();

    private static List<string> Texts(JsonElement json)
    {
        List<string> texts = [];
        if (json.ValueKind != JsonValueKind.Object)
            return texts;
        foreach (string name in (ReadOnlySpan<string>)["error", "message"])
        {
            if (!json.TryGetProperty(name, out JsonElement value))
                continue;
            if (value.ValueKind == JsonValueKind.String)
                texts.Add(value.GetString()!);
            else
                texts.AddRange(Texts(value));
        }

        return texts;
    }
}
