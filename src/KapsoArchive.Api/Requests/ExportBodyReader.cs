namespace KapsoArchive.Api.Requests;

/// <summary>Reads an export request and reports every wrong field.</summary>
internal sealed class ExportBodyReader
{
    private const string Conversations = "conversations";
    private const string From = "from";
    private const string To = "to";
    private const string FormatsName = "formats";
    private const string Source = "source";
    private const string TimeZone = "timeZone";
    private const int MaxConversations = 10_000;

    private static readonly string[] Known = [Conversations, From, To, FormatsName, Source, TimeZone];

    private readonly FieldErrors _errors = new();

    /// <param name="body">The body.</param>
    /// <param name="defaultFormats">Returns the formats to use if the body names none.</param>
    /// <exception cref="ProblemException">A field is wrong.</exception>
    public static RunRequest Read(JsonElement body, Func<IReadOnlyList<PartFormat>> defaultFormats)
    {
        var reader = new ExportBodyReader();
        ConversationSelection? conversations = null;
        TimeRange range = TimeRange.All;
        IReadOnlyList<PartFormat>? formats = null;
        bool fromArchive = false;
        string? zone = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            reader._errors.Add("body", $"It is {Kind(body)}. Send a JSON object, for example {{\"conversations\": \"all\"}}.");
        }
        else
        {
            reader.CheckNames(body);
            conversations = reader.ReadConversations(Member(body, Conversations));
            range = reader.ReadRange(Member(body, From), Member(body, To));
            formats = reader.ReadFormats(Member(body, FormatsName));
            fromArchive = reader.IsFromArchive(Member(body, Source));
            zone = reader.ReadZone(Member(body, TimeZone));
        }

        reader._errors.ThrowIfAny();
        return new RunRequest
        {
            Kind = RunKind.Export,
            Conversations = conversations!,
            Range = range,
            Formats = formats ?? defaultFormats(),
            Trigger = "http",
            Full = true,
            FromArchive = fromArchive,
            TimeZone = zone,
        };
    }

    private void CheckNames(JsonElement body)
    {
        foreach (string name in body.EnumerateObject().Select(m => m.Name).Where(n => !Known.Contains(n, StringComparer.Ordinal)))
        {
            string hint = Spelling.Nearest(name, Known) is { } meant ? $"Did you mean {meant}?" : $"Use {string.Join(", ", Known)}.";
            _errors.Add(Shown(name), $"There is no such field. {hint}");
        }
    }

    private ConversationSelection? ReadConversations(JsonElement? value)
    {
        switch (value)
        {
            case null:
                _errors.Add(Conversations, "It is missing. Give a list of conversation ids, or \"all\".");
                return null;
            case { ValueKind: JsonValueKind.String } word when word.ValueEquals("all"):
                return ConversationSelection.All;
            case { ValueKind: JsonValueKind.Array } list:
                return ReadList(list);
            default:
                _errors.Add(Conversations, value is { ValueKind: JsonValueKind.String }
                    ? "It is a word other than \"all\". Give a list of conversation ids, or \"all\"."
                    : $"It is {Kind(value.Value)}. Give a list of conversation ids, or \"all\".");
                return null;
        }
    }

    private ConversationSelection? ReadList(JsonElement list)
    {
        int count = list.GetArrayLength();
        if (count is 0 or > MaxConversations)
        {
            _errors.Add(Conversations, count == 0
                ? "The list is empty. Give conversation ids, or \"all\"."
                : $"The list has {count} ids. Give at most {MaxConversations} per export, or \"all\".");
            return null;
        }

        List<(string, string)> ids = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            string place = $"{Conversations}[{ids.Count}]";
            string id = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
            string? objection = id == "all" ? "It is the word all in a list. Send \"conversations\": \"all\"."
                : item.ValueKind == JsonValueKind.String ? ConversationSelection.Objection(id)
                : $"It is {Kind(item)}. Give each id as a string.";
            if (objection is not null)
                _errors.Add(place, $"{char.ToUpperInvariant(objection[0])}{objection[1..]}");
            if (_errors.IsFull)
                return null;
            ids.Add((id, place));
        }

        return _errors.HasAny ? null : ConversationSelection.Listed(ids, Conversations);
    }

    private TimeRange ReadRange(JsonElement? from, JsonElement? to)
    {
        var range = new TimeRange(ReadTime(from, From), ReadTime(to, To));
        if (range.From >= range.To)
            _errors.Add(From, "It must be before to: messages created at from or later, and before to, are exported.");
        return range;
    }

    private DateTimeOffset? ReadTime(JsonElement? value, string name)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        if (given.ValueKind == JsonValueKind.String && TimeRange.TryParseWithOffset(given.GetString()!, out DateTimeOffset time))
            return time;
        _errors.Add(name, "It must be a time in ISO 8601 with an offset, for example 2026-03-01T00:00:00Z or 2026-03-01T00:00:00+01:00.");
        return null;
    }

    private bool IsFromArchive(JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
            return false;
        bool isArchive = given.ValueKind == JsonValueKind.String && given.ValueEquals("archive");
        if (!isArchive && (given.ValueKind != JsonValueKind.String || !given.ValueEquals("kapso")))
            _errors.Add(Source, "There is no such source. Use kapso or archive.");
        return isArchive;
    }

    private string? ReadZone(JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        string name = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (ReadingZone.Find(name) is { } zone)
            return zone.IsUtc ? null : zone.Name;
        _errors.Add(TimeZone, given.ValueKind == JsonValueKind.String
            ? ReadingZone.Objection(name)
            : $"It is {Kind(given)}. Give a name of the tz database, such as America/Lima.");
        return null;
    }

    private List<PartFormat>? ReadFormats(JsonElement? value)
    {
        const string Fix = "Use a list of parquet, jsonl, csv and html, for example [\"parquet\"].";
        if (value is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 0)
        {
            _errors.Add(FormatsName, given.ValueKind == JsonValueKind.Array ? $"The list is empty. {Fix}" : $"It is {Kind(given)}. {Fix}");
            return null;
        }

        List<PartFormat> formats = [];
        int index = 0;
        foreach (JsonElement item in given.EnumerateArray())
        {
            PartFormat? format = item.ValueKind == JsonValueKind.String ? Formats.OfExportNamed(item.GetString()!) : null;
            if (format is null)
                _errors.Add($"{FormatsName}[{index}]", "There is no such format. Use parquet, jsonl, csv or html.");
            else if (!formats.Contains(format.Value))
                formats.Add(format.Value);
            index++;
        }

        return formats;
    }

    private static JsonElement? Member(JsonElement body, string name) => body.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Shown(string name) => VisibleText.PrintedLine(name[..Math.Min(name.Length, 64)]);
}
