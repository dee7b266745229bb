using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>How an archive stands.</summary>
/// <param name="Lock">Who is at work on it; null for nobody.</param>
/// <param name="Latest">The newest committed run; null before the first.</param>
/// <param name="Runs">The runs that were asked for, newest first.</param>
/// <param name="Total">How many there are.</param>
/// <param name="At">When this was asked.</param>
public sealed record StatusReport(LockHolder? Lock, LatestPointer? Latest, IReadOnlyList<RunSummary> Runs, int Total, DateTimeOffset At)
{
    /// <summary>What is wrong with <c>latest.json</c> or the newest manifests, and what to do: one sentence each.</summary>
    public IReadOnlyList<string> Damages { get; init; } = [];

    /// <summary>How old the newest snapshot is.</summary>
    public TimeSpan? Age => Latest is null ? null : At - Latest.FinishedAt;

    public byte[] ToJson() => StatusJson.Of(this);
}
