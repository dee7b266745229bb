namespace KapsoArchive.Core.Journal;

/// <summary>The records of a store's runs, or of its exports.</summary>
public sealed class ProgressDocuments(IStore store, RunKind kind = RunKind.Archive)
{
    private const string Extension = ".json";
    private const int MaxAttempts = 20;

    private string Folder => kind == RunKind.Export ? "exports/" : "runs/";

    /// <summary>Null if the run has no record.</summary>
    /// <exception cref="StoreException">The record is damaged, or the store cannot be read.</exception>
    public async Task<ProgressDocument?> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        if (StorePath.TryCreate(StoreArea.State, $"{Folder}{runId}{Extension}") is not { } path
            || await store.ReadAsync(path, cancellationToken) is not { } document)
            return null;
        return Parse(path, runId, document);
    }

    /// <summary>As <see cref="ReadAsync"/>, for callers that can do without the record: null if it does not exist or is damaged.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<ProgressDocument?> TryReadAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(runId, cancellationToken);
        }
        catch (StoreException e) when (e.InnerException is JsonException)
        {
            return null;
        }
    }

    /// <summary>Changes the current version of a record, even if others write it at the same time.</summary>
    /// <param name="change">Receives the current record, null if it does not exist or is damaged, and returns the new one. May be called
    /// again.</param>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<ProgressDocument> UpdateAsync(
        string runId, Func<ProgressDocument?, ProgressDocument> change, CancellationToken cancellationToken)
    {
        StorePath path = PathOf(runId);
        for (int attempt = 1; ; attempt++)
        {
            StoredDocument? before = await store.ReadAsync(path, cancellationToken);
            ProgressDocument record = change(before is null ? null : TryParse(runId, before));
            try
            {
                await store.ReplaceAsync(path, record.ToJson(), before?.ETag, cancellationToken);
                return record;
            }
            catch (StoreConflictException) when (attempt < MaxAttempts)
            {
                // Another writer was faster: read again.
            }
        }
    }

    public async Task WriteAsync(ProgressDocument record, CancellationToken cancellationToken) =>
        await StoreDocuments.OverwriteAsync(store, PathOf(record.RunId), record.ToJson(), cancellationToken);

    /// <summary>Records the end of a run, unless it is recorded or the run has no record.</summary>
    /// <param name="committed">Its manifest; null if it is not committed.</param>
    /// <param name="status">How it ended if it is not committed.</param>
    /// <param name="now">The time of the end if it is not committed.</param>
    internal async Task EndAsync(
        string runId, Manifest? committed, RunStatus status, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(runId, cancellationToken) is not { HasEnded: false } record)
            return;
        await WriteAsync(
            record with
            {
                Status = committed is null ? status : Enum.Parse<RunStatus>(committed.Status),
                Error = reason,
                Interrupted = false,
                UpdatedAt = now,
                FinishedAt = committed?.FinishedAt ?? now,
                Manifest = committed is null ? null : CommittedRuns.PathOf(runId, kind).Name,
            },
            cancellationToken);
    }

    /// <summary>The ids of all runs that have a record, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        List<StoredFile> files = await store.ListAsync(StoreArea.State, Folder, cancellationToken).ToListAsync(cancellationToken);
        return [.. files.Select(f => f.Path.Name).Where(n => n.EndsWith(Extension, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..^Extension.Length]).Reverse()];
    }

    internal StorePath PathOf(string runId) => new(StoreArea.State, $"{Folder}{runId}{Extension}");

    private static ProgressDocument? TryParse(string runId, StoredDocument document)
    {
        try
        {
            return Parse(runId, document);
        }
        catch (JsonException)
        {
            return null; // The record is informative only; it is written again.
        }
    }

    private static ProgressDocument Parse(string runId, StoredDocument document) =>
        ProgressDocument.FromJson(document.Content.Span) is var record && record.RunId == runId
        ? record
        : throw new JsonException($"It is the status of {record.RunId}.");

    private ProgressDocument Parse(StorePath path, string runId, StoredDocument document)
    {
        try
        {
            return Parse(runId, document);
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path.Name} of {store.Location} is damaged. It only describes a run: delete it.", e);
        }
    }
}
