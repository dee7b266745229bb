using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>The state of an archive.</summary>
/// <param name="Lock">The holder of the lock; null if it is free.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Runs">The requested runs, newest first.</param>
/// <param name="Total">The total number of runs.</param>
/// <param name="At">The time of this report.</param>
public sealed record StatusReport(LockHolder? Lock, LatestPointer? Latest, IReadOnlyList<RunSummary> Runs, int Total, DateTimeOffset At)
{
    /// <summary>How much the archive has; null if the index is not that of the newest snapshot.</summary>
    public ArchiveTotals? Totals { get; init; }

    /// <summary>How many files behind messages are not archived yet, as of the newest run; null if it did not look.</summary>
    public long? WaitingFiles { get; init; }

    /// <summary>How many finished exports have files.</summary>
    public int Exports { get; init; }

    /// <summary>Problems of <c>latest.json</c> or the newest manifests, with the fix: one sentence each.</summary>
    public IReadOnlyList<string> Damages { get; init; } = [];

    /// <summary>The age of the newest snapshot.</summary>
    public TimeSpan? Age => Latest is null ? null : At - Latest.FinishedAt;

    public byte[] ToJson() => StatusJson.Of(this);
}
