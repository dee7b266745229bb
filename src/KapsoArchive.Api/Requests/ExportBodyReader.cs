using System.Net;
using KapsoArchive.Core.Network;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads an export request and reports every wrong field.</summary>
internal sealed class ExportBodyReader
{
    /// <summary>The field that names a contact. Whoever knows the archive looks for it.</summary>
    public const string Contact = "contact";

    public const string CallbackUrl = "callbackUrl";
    private const int MaxUrl = 2048;
    private const string Conversations = "conversations";
    private const string From = "from";
    private const string To = "to";
    private const string FormatsName = "formats";
    private const string Source = "source";
    private const string Versions = "versions";
    private const string Media = "media";
    private const string Directions = "directions";
    private const string Types = "types";
    private const string Zip = "zip";
    private const string TimeZone = "timeZone";
    private const int MaxConversations = 10_000;
    private const int MaxContact = 256;
    private const int MaxWords = 64;

    private static readonly string[] Known =
        [Conversations, Contact, From, To, FormatsName, Source, Versions, Media, Directions, Types, Zip, TimeZone, CallbackUrl];

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
        var choice = new ExportChoice();
        bool zip = false;
        Uri? callback = null;
        string? zone = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            reader._errors.Add("body", $"It is {Kind(body)}. Send a JSON object, for example {{\"conversations\": \"all\"}}.");
        }
        else
        {
            reader.CheckNames(body);
            choice = reader.ReadChoice(body);
            zip = reader.ReadZip(Member(body, Zip));
            conversations = choice.Contact is not null ? ConversationSelection.All : reader.ReadConversations(Member(body, Conversations));
            range = reader.ReadRange(Member(body, From), Member(body, To));
            formats = reader.ReadFormats(Member(body, FormatsName));
            callback = reader.ReadCallback(Member(body, CallbackUrl));
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
            Choice = choice,
            Zip = zip,
            Callback = callback,
            TimeZone = zone,
        };
    }

    private void CheckNames(JsonElement body)
    {
        foreach (string name in body.EnumerateObject().Select(m => m.Name).Where(n => !Known.Contains(n, StringComparer.Ordinal)))
            _errors.Add(UnknownName.Shown(name), UnknownName.Sentence("field", name, Known));
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

    private Uri? ReadCallback(JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        string text = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (text.Length > MaxUrl || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttps
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            _errors.Add(CallbackUrl, $"It must be an absolute https URL of at most {MaxUrl} characters, without user name and fragment, "
                + "for example https://hooks.example.com/archive.");
            return null;
        }

        if (IPAddress.TryParse(url.IdnHost, out IPAddress? address) && !PublicAddress.Is(address))
            _errors.Add(CallbackUrl, "Its address is not public. Give the URL of a host on the internet.");
        return url;
    }

    private ExportChoice ReadChoice(JsonElement body)
    {
        string source = ReadWord(body, Source, "kapso", "archive", "both") ?? "kapso";
        bool allVersions = ReadWord(body, Versions, "present", "all") == "all";
        if (allVersions && source == "kapso")
            _errors.Add(Versions, "Only the archive has earlier versions. Send \"source\": \"both\" or \"archive\".");
        return new ExportChoice
        {
            Source = Enum.Parse<ExportSource>(source, ignoreCase: true),
            AllVersions = allVersions,
            WithoutMedia = ReadWord(body, Media, "all", "none") == "none",
            Contact = ReadContact(body),
            Directions = ReadWords(body, Directions, ExportChoice.KnownDirections, d => Objection(d, ExportChoice.KnownDirections)),
            Types = ReadWords(body, Types, ["text"], ExportChoice.ObjectionToType),
        };
    }

    private bool ReadZip(JsonElement? value)
    {
        if (value is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False) } other)
            return value is { ValueKind: JsonValueKind.True };
        _errors.Add(Zip, $"It is {Kind(other)}. Use true or false.");
        return false;
    }

    private ExportContact? ReadContact(JsonElement body)
    {
        if (Member(body, Contact) is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        string text = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxContact)
            _errors.Add(Contact, $"It must be a name, a number or an id of at most {MaxContact} characters.");
        if (Member(body, Conversations) is { ValueKind: not JsonValueKind.Null })
            _errors.Add(Contact, "It takes all conversations of one contact. Leave out conversations.");
        return new ExportContact(text, [], [], []);
    }

    /// <summary>Reads one of some words; null if it is absent or wrong.</summary>
    private string? ReadWord(JsonElement body, string name, params string[] known)
    {
        if (Member(body, name) is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        string? word = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (word is not null && known.Contains(word))
            return word;
        _errors.Add(name, word is null ? $"It is {Kind(given)}. Use {string.Join(" or ", known)}." : Objection(word, known)!);
        return null;
    }

    private string[]? ReadWords(JsonElement body, string name, IReadOnlyList<string> example, Func<string, string?> objection)
    {
        if (Member(body, name) is not { ValueKind: not JsonValueKind.Null } given)
            return null;
        string fix = $"Send a list, for example [\"{example[0]}\"], or leave it out for all.";
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() is 0 or > MaxWords)
        {
            _errors.Add(name, given.ValueKind != JsonValueKind.Array ? $"It is {Kind(given)}. {fix}"
                : $"The list has {given.GetArrayLength()} items; it may have 1 to {MaxWords}. {fix}");
            return null;
        }

        List<string> words = [];
        foreach (JsonElement item in given.EnumerateArray())
        {
            string? word = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if ((word is null ? $"It is {Kind(item)}. Send a string." : objection(word)) is { } wrong)
                _errors.Add($"{name}[{words.Count}]", wrong);
            words.Add(word ?? "");
        }

        return [.. words.Distinct()];
    }

    private static string? Objection(string word, IReadOnlyList<string> known) =>
        known.Contains(word) ? null
        : Spelling.Nearest(word, known) is { } meant ? $"It is another word. Did you mean {meant}?"
        : $"It is another word. Use {string.Join(" or ", known)}.";

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
        const string Fix = "Use a list of parquet, jsonl, csv, html and xlsx, for example [\"parquet\"].";
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
                _errors.Add($"{FormatsName}[{index}]", "There is no such format. Use parquet, jsonl, csv, html or xlsx.");
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
}
