using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads the stamps of a row group's rows: one object for all rows of a run.</summary>
internal static class RunStampReader
{
    public static async Task<RunStamp[]> ReadRunsAsync<TRow>(
        this ParquetFileReader<TRow> file, int group, CancellationToken cancellationToken)
    {
        int count = file.RowCount(group);
        var ids = new Utf8Text[count];
        var runs = new RunStamp[count];
        await file.ReadTextAsync(group, "run_id", (i, v) => ids[i] = v, cancellationToken);
        RunStamp? run = null;
        await file.ReadLongsAsync(group, "archived_at", (i, v) => runs[i] = run = Stamp(run, ids[i], v), cancellationToken);
        return runs;
    }

    /// <summary>The stamp with these values: <paramref name="last"/> if it has them.</summary>
    /// <exception cref="InvalidDataException">The time is invalid.</exception>
    public static RunStamp Stamp(RunStamp? last, Utf8Text runId, long archivedAt)
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
