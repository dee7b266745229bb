using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Core.Kapso;

/// <summary>What the source's list of conversations says of one.</summary>
/// <param name="LastActiveAt">Null where absent or unreadable.</param>
public sealed record ConversationSummary(string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt)
{
    /// <summary>Null where the record is no object with an id.</summary>
    public static ConversationSummary? FromRecord(ReadOnlyMemory<byte> record)
    {
        using var json = JsonDocument.Parse(record, new JsonDocumentOptions { MaxDepth = PageParser.MaxDepth });
        if (json.RootElement.ValueKind != JsonValueKind.Object || Text(json.RootElement, "id") is not { Length: > 0 } id)
            return null;

        bool known = DateTimeOffset.TryParse(
            Text(json.RootElement, "last_active_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset lastActive);
        return new ConversationSummary(
            id, Text(json.RootElement, "phone_number"), Text(json.RootElement, "contact_name"), Text(json.RootElement, "status"), known ? lastActive : null);
    }

    private static string? Text(JsonElement record, string name)
    {
        try
        {
            return !record.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair, in the text or in a name before it: no text.
        }
    }
}
