namespace KapsoArchive.Core.Lake;

/// <summary>What every row of one run carries: the run's id and one moment for all of them.</summary>
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
