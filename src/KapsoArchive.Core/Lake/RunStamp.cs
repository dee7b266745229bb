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

    /// <summary>The stamp with these values: <paramref name="last"/> if it has them.</summary>
    /// <exception cref="InvalidDataException">The time is invalid.</exception>
    internal static RunStamp Of(RunStamp? last, Utf8Text runId, long archivedAt)
    {
        if (last is not null && last.ArchivedAtMicros == archivedAt && last.RunIdText == runId)
            return last;
        try
        {
            return new RunStamp(runId.ToString()!, Timestamp.FromMicros(archivedAt));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("An archived_at is not a time.", e);
        }
    }
}
