using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>The last messages of a conversation, as the archive has them.</summary>
/// <param name="Snapshot">The newest run of which anything was read.</param>
/// <param name="Total">How many messages the conversation has now.</param>
/// <param name="Messages">The last of them, oldest first.</param>
public sealed record ConversationHistory(string ConversationId, string Snapshot, int Total, IReadOnlyList<ChatMessage> Messages)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.ConversationHistory);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConversationHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
