using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>A message as it is shown: copied out of its row, so that nothing else of the part stays in memory. No media link is among
/// it.</summary>
public sealed record ChatMessage
{
    public required string Id { get; init; }

    /// <summary>Null where the message has no time that can be read.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string? Direction { get; init; }

    public string? Status { get; init; }

    /// <summary>Empty where the message has none.</summary>
    public string Type { get; init; } = "";

    public string? Content { get; init; }

    /// <summary>The name of the file behind the media link; null where there is no link.</summary>
    public string? MediaName { get; init; }

    /// <summary>JSON as sent.</summary>
    public string? TypeData { get; init; }

    /// <summary>JSON as sent.</summary>
    public string? Metadata { get; init; }

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
    };

    /// <summary>A member of JSON as sent, whatever that is: nothing where it is no object, or where it cannot be read.</summary>
    public static JsonElement ObjectOf(string? json)
    {
        try
        {
            return json is not null && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } value ? WithoutHalfPairs(value, json) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>Half a surrogate pair is JSON, but no text, and no name that can be compared.</summary>
    private static JsonElement WithoutHalfPairs(JsonElement value, string json)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        if (!JsonText.HasHalfPair(text))
            return value;
        JsonText.ReplaceHalfPairs(text);
        return JsonElement.Parse(text);
    }

    /// <summary>The last part of a link's path, without what signs it.</summary>
    private static string? NameOf(string? link)
    {
        if (string.IsNullOrEmpty(link))
            return null;
        string path = link[..(link.IndexOfAny(['?', '#']) is >= 0 and int end ? end : link.Length)];
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > 0 ? Uri.UnescapeDataString(name) : "unnamed file";
    }
}
