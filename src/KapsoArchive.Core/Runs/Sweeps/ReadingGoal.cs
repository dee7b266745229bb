using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>What the archive has of a listing, and how much of it is to be read.</summary>
/// <param name="Known">What is known as of the last complete run.</param>
/// <param name="Full">Whether every page is to be read, even where what is known would prove the rest.</param>
/// <param name="Lookback">How far before the newest message known the messages are always read again, for late changes.</param>
internal sealed record ReadingGoal(KnownMessages Known, bool Full, TimeSpan Lookback)
{
    /// <summary>Only messages created then are wanted: where the listing's order shows that no more of them follow, the reading may end.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Reads everything; nothing is known.</summary>
    public static ReadingGoal Everything { get; } = new(KnownMessages.None, Full: true, TimeSpan.Zero);
}
