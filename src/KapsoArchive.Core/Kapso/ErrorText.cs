using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Kapso;

/// <summary>Extracts the human-readable text from an error's body.</summary>
internal static partial class ErrorText
{
    private const int MaxLength = 200;

    /// <summary>Returns the texts of <c>error</c> and <c>message</c>, which the API documents, also from an object under <c>error</c>. Null
    /// for any other body, such as a gateway's HTML.</summary>
    public static string? From(byte[] body, ApiKeyCover cover)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            string line = Shown(string.Join(": ", Texts(json.RootElement).Distinct()), cover);
            return line.Length == 0 ? null : line;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the source's text on one line, safe to print: without the key, links and phone numbers. It is shortened
    /// last.</summary>
    public static string Shown(string said, ApiKeyCover cover)
    {
        string line = Link().Replace(cover.Over(said), "(a link)");
        line = VisibleText.PrintedLine(Telephone().Replace(line, match => match.Groups["kept"].Success ? match.Value : "(a number)"))
            .Trim();
        return line.Length > MaxLength ? $"{VisibleText.Beginning(line, MaxLength)}…" : line;
    }

    [GeneratedRegex(@"https?://[^\s""'<>]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    /// <summary>Seven or more digits of any script, with at most three signs or spaces between two digits. Ids in the source's format and
    /// dates are kept.</summary>
    [GeneratedRegex(
        @"(?<![\w-])(?<kept>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?:19|20)\d\d-[01]\d-[0-3]\d)(?![\w-])"
            + @"|\+?\d(?:[\s\p{Cf}\p{Pd}().,/_:]{0,3}(?!(?:19|20)\d\d-[01]\d-[0-3]\d(?![\w-]))\d){6,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
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
