namespace KapsoArchive.Core.Inspection.Status;

/// <summary>One run, from its manifest and its record. The manifest is authoritative for a committed run.</summary>
/// <param name="Record">Null if missing or damaged.</param>
/// <param name="Manifest">Null if the run is not committed or the manifest is damaged.</param>
/// <param name="IsHeld">Whether a process is working on the archive.</param>
/// <param name="Damage">What could not be read, in a sentence; null if all could.</param>
public sealed record RunSummary(string RunId, ProgressDocument? Record, Manifest? Manifest, bool IsHeld, string? Damage)
{
    /// <summary>One of <see cref="RunStatus"/>; null if neither manifest nor record can be read.</summary>
    public string? Status => Manifest?.Status ?? Record?.Status.ToString();

    /// <summary>Whether a process is working on the run.</summary>
    public bool IsUnderWay => IsUnfinished && IsHeld && !Record!.Interrupted;

    /// <summary>Whether the run is unfinished, and no process is working on it. The next run continues it.</summary>
    public bool IsInterrupted => IsUnfinished && !IsUnderWay;

    public DateTimeOffset? StartedAt => Manifest?.StartedAt ?? Record?.StartedAt;

    public DateTimeOffset? FinishedAt => Manifest?.FinishedAt ?? Record?.FinishedAt;

    /// <summary>Until its end, or until its last sign of life.</summary>
    public TimeSpan? Duration => (FinishedAt ?? Record?.UpdatedAt) - StartedAt;

    public ProgressConversations? Conversations => Manifest is { Totals.Conversations: var c }
        ? new ProgressConversations(
            c.Complete + c.Incomplete + c.Gone + c.Failed, c.Incomplete + c.Failed, c.Complete + c.Incomplete + c.Gone + c.Failed)
        : Record?.Progress.Conversations;

    /// <summary>Null if the run is not committed.</summary>
    public RowTotals? Rows => Manifest?.Totals.Rows;

    public long? Requests => Manifest?.Totals.Requests ?? Record?.Progress.Requests;

    public long? Throttled => Manifest?.Totals.Throttled ?? Record?.Progress.Throttled;

    public string? Error => Damage ?? (Manifest is null ? Record?.Error : null);

    private bool IsUnfinished => this is { Manifest: null, Damage: null, Record.Status: RunStatus.Running };

    /// <summary><c>{record, manifest}</c>, both as stored.</summary>
    public byte[] ToJson() => StatusJson.Of(this);
}
