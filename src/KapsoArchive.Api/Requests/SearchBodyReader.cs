using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.Requests;

/// <summary>Reads a search for conversations and reports every wrong field.</summary>
internal sealed class SearchBodyReader
{
    private const int MaxText = 200;

    private static readonly string[] Known = ["phone", "name", "text", "outcome", "sort", "limit", "after"];

    private readonly FieldErrors _errors = new();
    private readonly JsonElement _body;

    private SearchBodyReader(JsonElement body) => _body = body;

    /// <exception cref="ProblemException">A field is wrong.</exception>
    public static ConversationQuery Read(JsonElement body)
    {
        var reader = new SearchBodyReader(body);
        ConversationQuery query = reader.Read();
        reader._errors.ThrowIfAny();
        return query;
    }

    private ConversationQuery Read()
    {
        const string Fix = "Send a JSON object with phone, name or text, for example {\"phone\": \"+51 900 000 001\"}.";
        if (_body.ValueKind != JsonValueKind.Object)
        {
            _errors.Add("body", $"It is not an object. {Fix}");
            return new ConversationQuery(1);
        }

        foreach (string name in _body.EnumerateObject().Select(m => m.Name).Where(n => !Known.Contains(n, StringComparer.Ordinal)))
            _errors.Add(UnknownName.Shown(name), UnknownName.Sentence("field", name, Known));
        var query = new ConversationQuery(ReadLimit())
        {
            Phone = ReadText("phone"),
            Name = ReadText("name"),
            Text = ReadText("text"),
            Outcome = ReadChoice("outcome", ConversationsApi.Outcomes),
            Order = ConversationsApi.OrderOf(ReadChoice("sort", ConversationsApi.Orders)),
            After = ReadText("after"),
        };
        if (query.Phone is { } phone && !ConversationDirectory.IsNumber(phone))
            _errors.Add("phone", "It must be a telephone number in any spelling, or at least its last four digits.");
        if (query.Text is { } text && FoldedText.Of(text).Length == 0)
            _errors.Add("text", "It must have at least one letter, digit or sign.");
        if (query.Text is not null && query is not { Phone: null, Name: null, Outcome: null, After: null })
            _errors.Add("text", "It can be searched alone only, with limit.");
        if (!_errors.HasAny && query is { Phone: null, Name: null, Text: null })
            _errors.Add("body", $"It names nobody. {Fix}");
        return query;
    }

    private string? ReadText(string name)
    {
        if (!_body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 and <= MaxText } text)
            return text;
        _errors.Add(name, $"It must be a text of 1 to {MaxText} characters.");
        return null;
    }

    private string? ReadChoice(string name, string[] words)
    {
        if (ReadText(name) is not { } text || words.Contains(text))
            return ReadText(name);
        _errors.Add(name, UnknownName.Sentence("value", text, words));
        return null;
    }

    private int ReadLimit()
    {
        if (!_body.TryGetProperty("limit", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return PageQuery.DefaultLimit;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int limit) && limit is >= 1 and <= PageQuery.MaxLimit)
            return limit;
        _errors.Add("limit", $"It must be one number from 1 to {PageQuery.MaxLimit}.");
        return PageQuery.DefaultLimit;
    }
}
