namespace KapsoArchive.Core.Inspection.Search;

/// <summary>A message that was found.</summary>
/// <param name="CreatedAt">Null if the message has no time.</param>
/// <param name="Direction">As sent; null if absent.</param>
/// <param name="Type">Empty if absent.</param>
/// <param name="Snippet">The text around the first occurrence, as sent. Not made safe for display.</param>
public sealed record MessageMatch(
    string ConversationId, string MessageId, DateTimeOffset? CreatedAt, string? Direction, string Type, string Snippet)
{
    /// <summary>The other party's name or number, as the source last sent it; null if nobody looked it up.</summary>
    public string? With { get; init; }
}

/// <summary>Messages that were found.</summary>
/// <param name="Snapshot">The run whose state was searched.</param>
/// <param name="Total">How many match; the list may have fewer.</param>
/// <param name="Messages">The newest of them, newest first.</param>
public sealed record MessageMatches(string Snapshot, long Total, IReadOnlyList<MessageMatch> Messages);
