namespace KapsoArchive.Core.Lake;

/// <summary>The values common to all rows of a run: the run's id and one time.</summary>
public sealed class RunStamp
{
    public RunStamp(string runId, DateTimeOffset archivedAt)
    {
        RunId = runId;
        ArchivedAt = archivedAt;
        RunIdText = Utf8Text.From(runId);
        ArchivedAtMicros = Timestamp.ToMicros(archivedAt);
    }

    public string RunId { get; }

    public DateTimeOffset ArchivedAt { get; }

    internal Utf8Text RunIdText { get; }

    internal long ArchivedAtMicros { get; }
}
