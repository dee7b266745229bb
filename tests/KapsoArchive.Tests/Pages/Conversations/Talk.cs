using System.Globalization;
using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>A conversation for a sandbox, written message by message.</summary>
internal sealed class Talk(string id, string? contactName = "María Fernández", string phoneNumber = "+5215550001122")
{
    private readonly List<SandboxMessage> _messages = [];

    public string Id => id;

    public int Count => _messages.Count;

    public static string Wamid(int number) => string.Create(CultureInfo.InvariantCulture, $"wamid.TEST{number:D6}");

    /// <summary>Adds a message, some minutes after the one before.</summary>
    /// <returns>Its WhatsApp id.</returns>
    public string Say(string? text, bool outbound = false, string type = "text", string status = "read", object? data = null, object? metadata = null, string? mediaUrl = null, int minutes = 3)
    {
        int number = _messages.Count + 1;
        DateTimeOffset time = (_messages.Count == 0 ? new DateTimeOffset(2026, 3, 1, 9, 41, 7, TimeSpan.Zero) : _messages[^1].CreatedAt).AddMinutes(minutes);
        var messageId = new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
        _messages.Add(new SandboxMessage(messageId.ToString(), time, JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = messageId,
            phone_number = phoneNumber,
            message_type = type,
            content = text,
            direction = outbound ? "outbound" : "inbound",
            status = outbound ? status : "delivered",
            processing_status = "processed",
            whatsapp_message_id = Wamid(number),
            metadata = metadata ?? new { },
            media_url = mediaUrl,
            message_type_data = data ?? new { },
            created_at = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            updated_at = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        })));
        return Wamid(number);
    }

    /// <summary>Adds a record as it is. It needs an id and a time.</summary>
    public void Add(string record)
    {
        JsonElement json = JsonElement.Parse(record);
        _messages.Add(new SandboxMessage(json.GetProperty("id").GetString()!, json.GetProperty("created_at").GetDateTimeOffset(), Encoding.UTF8.GetBytes(record)));
    }

    public void AddTo(SandboxServer sandbox) =>
        sandbox.Listings.AddConversation(new SandboxConversation(id, phoneNumber, contactName, "active", _messages[^1].CreatedAt, _messages.Count), _messages);
}
