using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Which messages of a conversation to read. By default the newest.</summary>
/// <param name="Limit">The most messages to return.</param>
public sealed record HistoryRequest(string ConversationId, int Limit)
{
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Null for both.</summary>
    public string? Direction { get; init; }

    /// <summary>Message types; empty for all.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [];

    /// <summary>Only messages with this text, whatever its case, accents and script; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>Only messages before this place: the older page.</summary>
    public HistoryCursor? Before { get; init; }

    /// <summary>Only messages after this place: the newer page.</summary>
    public HistoryCursor? After { get; init; }

    /// <summary>Whether to return the oldest messages that match instead of the newest.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Whether a message has the wanted text, which is folded.</summary>
    internal static bool HasText(ChatMessage message, string folded) =>
        FoldedText.Of(MessageLine.Of(message)).Contains(folded, StringComparison.Ordinal);
}
