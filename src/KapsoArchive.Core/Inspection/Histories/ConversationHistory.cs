using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>The last messages of a conversation in the archive.</summary>
/// <param name="Snapshot">The newest run that contributed.</param>
/// <param name="Total">The current number of messages in the conversation.</param>
/// <param name="Messages">The last of them, oldest first.</param>
public sealed record ConversationHistory(string ConversationId, string Snapshot, int Total, IReadOnlyList<ChatMessage> Messages)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.ConversationHistory);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConversationHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
