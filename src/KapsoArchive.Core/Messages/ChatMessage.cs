namespace KapsoArchive.Core.Messages;

/// <summary>A message for display. It is copied from its row, so that the rest of the part can be freed. It contains no media
/// link.</summary>
public sealed record ChatMessage
{
    public required string Id { get; init; }

    /// <summary>Null if the message has no readable time.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string? Direction { get; init; }

    public string? Status { get; init; }

    /// <summary>Empty if the message has no type.</summary>
    public string Type { get; init; } = "";

    public string? Content { get; init; }

    /// <summary>The file name in the media link; null without a link.</summary>
    public string? MediaName { get; init; }

    /// <summary>The file behind the message, as its reader found it in the archive or export; null if it was not tried.</summary>
    public MessageFile? File { get; init; }

    /// <summary>JSON as sent.</summary>
    public string? TypeData { get; init; }

    /// <summary>JSON as sent.</summary>
    public string? Metadata { get; init; }

    /// <summary>A JSON object with the members of the record that have no column.</summary>
    [JsonIgnore]
    public string? Extra { get; init; }

    public bool IsOutbound => Direction == "outbound";

    public static ChatMessage Of(MessageRow row) => new()
    {
        Id = row.Id.ToString()!,
        CreatedAt = row.CreatedAt is { } micros ? Timestamp.FromMicros(micros) : null,
        Direction = row.Direction.ToString(),
        Status = row.Status.ToString(),
        Type = row.MessageType.ToString() ?? "",
        Content = row.Content.ToString(),
        MediaName = NameOf(row.MediaUrl.ToString()),
        TypeData = row.MessageTypeData.ToString(),
        Metadata = row.Metadata.ToString(),
        Extra = row.Extra.ToString(),
    };

    /// <summary>The root object of JSON as sent; undefined if the JSON is not an object or cannot be read.</summary>
    public static JsonElement ObjectOf(string? json)
    {
        try
        {
            return json is not null && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } value
                ? WithoutHalfPairs(value, json)
                : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>The data of a message's type. Some records nest it in a member of the type's name.</summary>
    internal static JsonElement DataOf(JsonElement root, string type) =>
        root.Member(type) is { ValueKind: JsonValueKind.Object } inner ? inner : root;

    /// <summary>An unpaired surrogate is valid JSON, but not valid text or a comparable name.</summary>
    private static JsonElement WithoutHalfPairs(JsonElement value, string json)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        if (!JsonText.HasHalfPair(text))
            return value;
        JsonText.ReplaceHalfPairs(text);
        return JsonElement.Parse(text);
    }

    /// <summary>The last segment of a link's path, without the signature.</summary>
    internal static string? NameOf(string? link)
    {
        if (string.IsNullOrEmpty(link))
            return null;
        string path = link[..(link.IndexOfAny(['?', '#']) is >= 0 and int end ? end : link.Length)];
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > 0 ? Uri.UnescapeDataString(name) : "unnamed file";
    }
}
