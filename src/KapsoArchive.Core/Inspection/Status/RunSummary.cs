using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>What is known of one run: by its manifest, which is the truth of a committed one, and by its record.</summary>
/// <param name="Record">Null where there is none, or where it is damaged.</param>
/// <param name="Manifest">Null where the run is not committed, or the manifest is damaged.</param>
/// <param name="Damage">What could not be read, in a sentence; null where nothing.</param>
public sealed record RunSummary(string RunId, RunRecord? Record, Manifest? Manifest, RunCondition Condition, string? Damage)
{
    /// <summary>One of <see cref="RunStatus"/>; null where neither manifest nor record can be read.</summary>
    public string? Status => Manifest?.Status ?? Record?.Status.ToString();

    public DateTimeOffset? StartedAt => Manifest?.StartedAt ?? Record?.StartedAt;

    public DateTimeOffset? FinishedAt => Manifest?.FinishedAt ?? Record?.FinishedAt;

    /// <summary>Until its end, or until it was last heard of.</summary>
    public TimeSpan? Duration => (FinishedAt ?? Record?.UpdatedAt) - StartedAt;

    public RunRecordConversations? Conversations => Manifest is { Totals.Conversations: var c }
        ? new RunRecordConversations(c.Complete + c.Incomplete + c.Gone + c.Failed, c.Incomplete + c.Failed, c.Complete + c.Incomplete + c.Gone + c.Failed)
        : Record?.Progress.Conversations;

    /// <summary>Null where the run is not committed.</summary>
    public RowTotals? Rows => Manifest?.Totals.Rows;

    public long? Requests => Manifest?.Totals.Requests ?? Record?.Progress.Requests;

    public long? Throttled => Manifest?.Totals.Throttled ?? Record?.Progress.Throttled;

    public string? Error => Damage ?? (Manifest is null ? Record?.Error : null);

    /// <summary><c>{record, manifest}</c>, both as they are stored.</summary>
    public byte[] ToJson() => StatusJson.Of(this);
}
