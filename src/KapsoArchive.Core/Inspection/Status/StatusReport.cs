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

    /// <summary>The newest committed nightly run; null if none is on record.</summary>
    public RunSummary? Night { get; init; }

    /// <summary>The age of the newest nightly run.</summary>
    public TimeSpan? NightAge => At - Night?.FinishedAt;

    /// <summary>Why the nights are not as they should be, in a sentence; null if the newest one is complete, and at most this
    /// old.</summary>
    public string? Overdue(TimeSpan maxAge)
    {
        if (Night is null)
            return "No nightly run is on record: `run` with all conversations, or with those of Archive:Conversations, makes one.";
        if (NightAge is not { } age)
            return $"The manifest of the newest nightly run, {Night.RunId}, cannot be read. See `kapso-archive verify`.";
        return age > maxAge ? $"The newest nightly run, {Night.RunId}, is {SpanText.Of(age)} old, and --max-age is {SpanText.Of(maxAge)}."
            : Night.Status == nameof(RunStatus.Succeeded) ? null
            : $"The newest nightly run is not complete. See `kapso-archive status --run {Night.RunId}`.";
    }

    /// <summary>The age of the newest snapshot.</summary>
    public TimeSpan? Age => Latest is null ? null : At - Latest.FinishedAt;

    public byte[] ToJson() => StatusJson.Of(this);
}
