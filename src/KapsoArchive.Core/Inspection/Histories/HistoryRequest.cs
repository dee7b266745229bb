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

    /// <summary>Where the page begins: with the first matching message at this time or later, or with the newest ones if there is none. The
    /// older page leads on to those before. Null for a page at an end.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Whether to find what the messages refer to, and the reactions to them, for <see cref="HistoryMarkup"/>.</summary>
    public bool Links { get; init; }

    internal bool NeedsDirections => Links || Direction is not null;

    internal bool NeedsTypes => Links || Types.Count > 0;

    internal bool TakesAll => Range.IsAll && Direction is null && Types.Count == 0;

    internal bool Takes(MessageVersion version) =>
        Range.Holds(version.CreatedAt == long.MinValue ? null : version.CreatedAt)
        && (Direction is null || version.Direction == Direction)
        && (Types.Count == 0 || (version.Type is { } type && Types.Contains(type, StringComparer.Ordinal)));

    /// <summary>The bounds of the page in the matching messages, sorted.</summary>
    internal (int Start, int End) PageOf(IReadOnlyList<MessageVersion> matching)
    {
        int start = After?.In(matching).AfterStart ?? 0;
        int end = Math.Max(start, Before?.In(matching).BeforeEnd ?? matching.Count);
        bool isForward = OldestFirst;
        if (StartAt is { } time)
        {
            int first = start;
            while (first < end && matching[first].CreatedAt < Timestamp.ToMicros(time))
                first++;
            if (first < end)
                (start, isForward) = (first, true);
        }

        int count = Math.Min(Limit, end - start);
        return isForward ? (start, start + count) : (end - count, end);
    }

    /// <summary>Whether a message has the wanted text, which is folded.</summary>
    internal static bool HasText(ChatMessage message, string folded) =>
        FoldedText.Of(MessageLine.Of(message)).Contains(folded, StringComparison.Ordinal);
}
