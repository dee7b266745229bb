using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>What the archive has of a listing, and how much of it is to be read.</summary>
/// <param name="Known">What is known as of the last complete run.</param>
/// <param name="Full">Whether every page is to be read, even where what is known would prove the rest.</param>
/// <param name="Lookback">How far before the newest message known the messages are always read again, for late changes.</param>
internal sealed record ReadingGoal(KnownMessages Known, bool Full, TimeSpan Lookback)
{
    /// <summary>Only messages created then are wanted: where the listing's order shows that no more of them follow, the reading may
    /// end.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Whether the source's count was that of the messages when the listing was last read whole.</summary>
    public bool CountAgreed { get; init; }

    /// <summary>The known messages that the last sweeps did not find, and that may be removed once enough time has passed.</summary>
    public IReadOnlySet<UInt128> Waiting { get; init; } = new HashSet<UInt128>();

    /// <summary>The records that could not be read last time.</summary>
    public UnreadableRecords Unreadable { get; init; } = UnreadableRecords.None;

    /// <summary>Records of a listing at most; one that has more is taken to be endless.</summary>
    public long MaxRecords { get; init; } = 10_000_000;

    /// <summary>Reads everything; nothing is known.</summary>
    public static ReadingGoal Everything { get; } = new(KnownMessages.None, Full: true, TimeSpan.Zero);
}
