namespace KapsoArchive.Core.Index;

/// <summary>Index entry of one conversation, without its messages.</summary>
internal sealed record IndexedConversation
{
    public required string Id { get; init; }

    /// <summary>Outcome of its last reading.</summary>
    public required ConversationOutcome Outcome { get; init; }

    /// <summary>Start of the run that last read every page and showed it to be complete, in microseconds; null for never.</summary>
    public long? LastFullSweep { get; init; }

    /// <summary>Start of the run that last showed it to be complete, by a full or a head sweep, in microseconds; null for never.</summary>
    public long? LastComplete { get; init; }

    /// <summary>The latest <c>created_at</c> ever archived, in microseconds; null if no message had one.</summary>
    public long? NewestCreatedAt { get; init; }

    /// <summary>Number of archived messages that are still listed, as far as is known.</summary>
    public int Live { get; init; }

    /// <summary>Number of rejected records in the listing.</summary>
    public int Rejected { get; init; }

    /// <summary>Digest of the rejected records: see <see cref="RejectedDigest"/>.</summary>
    public ulong RejectedDigest { get; init; }

    /// <summary>The other party.</summary>
    public IndexedNames Names { get; init; } = IndexedNames.None;

    /// <summary>Whether the source's count equalled the number of records when the whole listing was last read and shown to be
    /// complete.</summary>
    public bool CountAgreed { get; init; }

    /// <summary>Time up to which the archive has followed the conversation, in microseconds. All late changes of messages older than this
    /// by the lookback were seen. A message's own time cannot advance it: a source may send any time, and one far ahead would end the
    /// lookback.</summary>
    public long? FollowedUpTo => NewestCreatedAt is { } newest ? LastComplete ?? newest : null;
}
