namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>Conversations of the archive.</summary>
/// <param name="Snapshot">The run whose state it shows.</param>
/// <param name="Total">How many match; the list may have fewer.</param>
public sealed record ConversationList(string Snapshot, int Total, IReadOnlyList<ArchivedConversation> Conversations)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ConversationListJson.Default.ConversationList);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConversationList))]
internal sealed partial class ConversationListJson : JsonSerializerContext;
