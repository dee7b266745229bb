using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Index;

/// <summary>What the index says of one conversation, beside its messages.</summary>
internal sealed record IndexedConversation
{
    public required string Id { get; init; }

    /// <summary>How its last reading ended.</summary>
    public required ConversationOutcome Outcome { get; init; }

    /// <summary>Start of the run that last read every page and showed it to be complete, in microseconds; null for never.</summary>
    public long? LastFullSweep { get; init; }

    /// <summary>Start of the run that last showed it to be complete, by a full or a head sweep, in microseconds; null for never.</summary>
    public long? LastComplete { get; init; }

    /// <summary>The latest <c>created_at</c> ever archived, in microseconds; null where there is none.</summary>
    public long? NewestCreatedAt { get; init; }

    /// <summary>Messages that are archived and, as far as is known, still listed.</summary>
    public int Live { get; init; }

    /// <summary>Listed records that are no message.</summary>
    public int Rejected { get; init; }

    /// <summary>Tells these records from others: see <see cref="RejectedDigest"/>.</summary>
    public ulong RejectedDigest { get; init; }

    /// <summary>Who it is with.</summary>
    public IndexedNames Names { get; init; } = IndexedNames.None;

    /// <summary>Whether the source counted as many records as there were, when the conversation was last read whole and shown to be
    /// complete.</summary>
    public bool CountAgreed { get; init; }

    /// <summary>
    /// Up to when the archive has followed it: what is older than this by the lookback had all its late changes seen. In microseconds. The
    /// time of a message does not move it, for a source may
    /// send any time, and one far ahead would end the lookback.
    /// </summary>
    public long? FollowedUpTo => NewestCreatedAt is { } newest ? LastComplete ?? newest : null;
}
