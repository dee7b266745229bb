using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>The page docs/format.md as a machine reads it: the paths of each area, and the tables and examples of each document.</summary>
internal sealed partial class FormatPage
{
    /// <summary>The areas by the headings under which their paths stand.</summary>
    private static readonly Dictionary<string, string> Areas = new(StringComparer.Ordinal)
    {
        ["data"] = "## The data area",
        ["state"] = "## The state area",
        ["exports"] = "## The exports area",
    };

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, string> _dictionary;

    /// <param name="text">The page.</param>
    /// <param name="dictionary">The data dictionary, for documents whose members stand there.</param>
    public FormatPage(string text, string dictionary)
    {
        (_text, _dictionary) = (text, Sections(dictionary));
        Dictionary<string, string> sections = Sections(text);
        Dictionary<string, string> placeholders = FormatTable.Of(sections["Names in paths"])
            .ToDictionary(row => row[0].Trim('`'), row => row[1].Trim('`'), StringComparer.Ordinal);
        Documents = sections.ToDictionary(s => AnchorOf(s.Key), s => DocumentOf(s.Key, s.Value), StringComparer.Ordinal);
        Paths =
        [
            .. Areas.SelectMany(area => FormatTable.Of(SectionOf(area.Value)), (area, row) => new FormatPath(
                area.Key, row[0].Trim('`'), PatternOf(row[0].Trim('`'), placeholders), Documents[DocumentLink().Match(row[1]).Groups["anchor"].Value])),
        ];
    }

    public IReadOnlyList<FormatPath> Paths { get; }

    /// <summary>By the anchors of their headings.</summary>
    public IReadOnlyDictionary<string, FormatDocument> Documents { get; }

    /// <summary>The media types, by extension; the last row is for every other name.</summary>
    public IReadOnlyList<(string Extension, string MediaType)> MediaTypes =>
        [.. FormatTable.Of(Sections(_text)["Media types"]).Select(row => (row[0].Trim('`'), row[1].Trim('`')))];

    private static Regex PatternOf(string path, Dictionary<string, string> placeholders)
    {
        string pattern = Placeholder().Replace(Regex.Escape(path), found => $"(?:{placeholders[found.Value]})");
        return new Regex($@"\A{pattern}\z", RegexOptions.NonBacktracking);
    }

    private static Dictionary<string, string> Sections(string page)
    {
        string[] parts = Heading().Split(page);
        return Enumerable.Range(0, parts.Length / 2).ToDictionary(i => parts[(2 * i) + 1], i => parts[(2 * i) + 2], StringComparer.Ordinal);
    }

    private static string AnchorOf(string heading) => heading.ToLowerInvariant().Replace("`", "", StringComparison.Ordinal).Replace(' ', '-');

    private FormatDocument DocumentOf(string heading, string section)
    {
        string tables = DictionaryLink().Match(section) is { Success: true } link
            ? _dictionary.Single(s => AnchorOf(s.Key) == link.Groups["anchor"].Value).Value
            : section;
        return new FormatDocument(
            heading,
            [.. FormatTable.Of(tables, "member").Select(FormatMember.Of)],
            [.. FormatTable.Of(section, "field").Select(FormatField.Of)],
            [.. Example().Matches(section).Select(e => (e.Groups["language"].Value, e.Groups["text"].Value))]);
    }

    private string SectionOf(string heading)
    {
        int start = _text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, $"the page has no heading '{heading}'");
        int end = _text.IndexOf("\n#", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? _text[start..] : _text[start..end];
    }

    [GeneratedRegex(@"^#{2,4} (?<heading>.+)$\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("<[a-z0-9_]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\(#(?<anchor>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentLink();

    [GeneratedRegex(@"members\s+are\s+in\s+the\s+\[data\s+dictionary\]\(data-dictionary\.md#(?<anchor>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex DictionaryLink();

    [GeneratedRegex("^```(?<language>json|jsonl|hex)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();
}
