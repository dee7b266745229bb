using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>What the archive has of a listing, and how much of the listing is to be read.</summary>
/// <param name="Known">The messages known as of the last complete run.</param>
/// <param name="Full">Whether to read every page, even if the index would prove the rest.</param>
/// <param name="Lookback">How far before the newest known message all messages are read again, to find late changes.</param>
internal sealed record ReadingGoal(KnownMessages Known, bool Full, TimeSpan Lookback)
{
    /// <summary>Only messages created in this range are wanted. The reading may end when the order of the listing shows that no more of
    /// them follow.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Whether the source's count was right when the whole listing was last read.</summary>
    public bool CountAgreed { get; init; }

    /// <summary>The known messages that the last sweeps did not find. They may be removed once enough time has passed.</summary>
    public IReadOnlySet<UInt128> Waiting { get; init; } = new HashSet<UInt128>();

    /// <summary>The records that could not be read last time.</summary>
    public UnreadableRecords Unreadable { get; init; } = UnreadableRecords.None;

    /// <summary>Maximum number of records of a listing. A listing with more counts as endless.</summary>
    public long MaxRecords { get; init; } = 10_000_000;

    /// <summary>Reads everything, with no known messages.</summary>
    public static ReadingGoal Everything { get; } = new(KnownMessages.None, Full: true, TimeSpan.Zero);
}
