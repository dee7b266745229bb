using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KapsoArchive.Api.FrontDoor.Conversations;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>The submitted fields of the export form, with the errors of each.</summary>
/// <param name="Conversations">Ids separated by white space or commas, or the word all.</param>
/// <param name="From">A day, or a time with an offset; empty if the range has no start.</param>
/// <param name="To">The end, in the same form; empty if the range has no end.</param>
/// <param name="Formats">The selected formats.</param>
/// <param name="OperationId">Identifies the form: if sent twice, it creates one export.</param>
internal sealed partial record ExportForm(string Conversations, string From, string To, IReadOnlyList<string> Formats, string OperationId)
{
    public const string Action = "export";

    /// <summary>Whether one zip of the files is made too.</summary>
    public bool Zip { get; init; }

    /// <summary>Where the messages come from: <c>kapso</c>, <c>archive</c> or <c>both</c>.</summary>
    public string Source { get; init; } = "kapso";

    /// <summary>The zone of the times in HTML documents.</summary>
    public string TimeZone { get; init; } = ReadingZone.Utc.Name;

    /// <summary>Errors by field name.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <param name="formats">The formats to select.</param>
    /// <param name="request">May name a conversation that the archive has, for a document to read. The user's zone is selected.</param>
    public static ExportForm Fresh(IEnumerable<PartFormat> formats, HttpRequest request)
    {
        string id = request.Query["conversation"].ToString();
        bool isNamed = ConversationSelection.Objection(id) is null;
        return new(isNamed ? id : "all", "", "", [.. formats.Append(PartFormat.Html).Where(f => isNamed || formats.Contains(f))
            .Distinct().Select(f => Layout.Names(f).Format)], NewOperation())
        {
            Source = isNamed ? "archive" : "kapso",
            TimeZone = ZoneChoice.Of(request).Name,
        };
    }

    /// <exception cref="ProblemException">A hidden field of the form is missing.</exception>
    public static ExportForm Of(IFormCollection form) => Guid.TryParseExact(form["operation"].ToString(), "N", out Guid operation)
        ? new ExportForm(form["conversations"].ToString().ReplaceLineEndings("\n"), form["from"].ToString().Trim(),
            form["to"].ToString().Trim(), [.. form["formats"].Select(f => f ?? "")], operation.ToString("N"))
        {
            Source = form["source"] is [{ Length: > 0 } source] ? source : "kapso",
            Zip = form["zip"] == "true",
            TimeZone = form["timeZone"] is [{ Length: > 0 } zone] ? zone : ReadingZone.Utc.Name,
        }
        : throw Problems.BadRequest("The form lacks a field that the page has. Open the page again, and send the form from there.");

    private string[] Ids => Conversations.Split((char[]?)[' ', '\t', '\r', '\n', ','], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The equivalent body of an API request.</summary>
    public JsonElement ToBody()
    {
        string[] ids = Ids;
        JsonObject body = new()
        {
            ["conversations"] = ids is ["all"] ? "all" : new JsonArray([.. ids.Select(id => (JsonNode)id)]),
            ["from"] = TimeOf(From),
            ["to"] = TimeOf(To),
            ["source"] = Source,
            ["timeZone"] = TimeZone,
            ["formats"] = new JsonArray([.. Formats.Select(f => (JsonNode)f)]),
            ["zip"] = Zip,
        };
        return JsonElement.Parse(body.ToJsonString());
    }

    /// <summary>The same fields with their errors, to be corrected and sent again.</summary>
    public ExportForm With(ProblemDocument problem) => this with
    {
        OperationId = NewOperation(),
        Errors = (problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>())
            .GroupBy(e => e.Key.Split('[')[0], StringComparer.Ordinal)
            .ToDictionary(field => field.Key, field => Sentence(field.Key, [.. field]), StringComparer.Ordinal),
    };

    private string Sentence(string field, KeyValuePair<string, IReadOnlyList<string>>[] errors)
    {
        if (field == "formats")
            return "Choose at least one format.";
        string place = Index().Match(errors[0].Key) is { Success: true } index
            && int.TryParse(index.Groups["index"].ValueSpan, out int number) ? $"Id {number + 1}: " : "";
        string more = errors.Length > 1 ? $" And {errors.Length - 1} more." : "";
        return field == "conversations" && Ids.Length == 0
            ? "Give conversation ids, one per line, or the word all."
            : $"{place}{errors[0].Value[0]}{more}";
    }

    private static string? TimeOf(string text) => text.Length == 0 ? null : Day().IsMatch(text) ? $"{text}T00:00:00Z" : text;

    public static string NewOperation() => Guid.NewGuid().ToString("N");

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Day();

    [GeneratedRegex(@"\[(?<index>[0-9]+)\]", RegexOptions.NonBacktracking)]
    private static partial Regex Index();
}
