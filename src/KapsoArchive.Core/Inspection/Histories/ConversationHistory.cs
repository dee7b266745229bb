using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Messages of a conversation in the archive.</summary>
/// <param name="Snapshot">The newest run of the archive.</param>
/// <param name="Total">The current number of messages in the conversation.</param>
/// <param name="Matching">How many of them match the request, whatever its limit and place.</param>
/// <param name="Messages">The requested ones, oldest first.</param>
public sealed record ConversationHistory(
    string ConversationId, string Snapshot, int Total, int Matching, IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>Place before the first of <see cref="Messages"/>; null if no older message matches.</summary>
    [JsonIgnore]
    public HistoryCursor? Older { get; init; }

    /// <summary>Place after the last of <see cref="Messages"/>; null if no newer message matches.</summary>
    [JsonIgnore]
    public HistoryCursor? Newer { get; init; }

    internal ConversationOutline? Outline { get; init; }

    /// <summary>The position of each of <see cref="Messages"/> in the conversation; the first is 1.</summary>
    internal IReadOnlyList<int> Positions { get; init; } = [];

    /// <summary>Messages that are not among <see cref="Messages"/>, but that these refer to, by position.</summary>
    internal IReadOnlyDictionary<int, ChatMessage> Named { get; init; } = new Dictionary<int, ChatMessage>();

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.ConversationHistory);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConversationHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
