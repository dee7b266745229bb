using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Accepts exports for execution by others, reports their status, and cancels them.</summary>
public sealed class ExportDesk(IStore store, IWaker waker, TimeProvider time)
{
    private readonly ProgressDocuments _records = new(store, RunKind.Export);

    /// <summary>Accepts an export: writes the request and wakes a worker. From then on it is executed, whatever happens to this
    /// process.</summary>
    /// <param name="operationId">The caller's name for this request: the same name returns the same export. Null for none.</param>
    /// <param name="cancellationToken">Cancels the call; the export may have been accepted.</param>
    /// <exception cref="OperationConflictException">The operation id belongs to another request.</exception>
    /// <exception cref="StoreException">The store or the queue cannot be used.</exception>
    public async Task<ProgressDocument> CreateAsync(RunRequest request, string? operationId, CancellationToken cancellationToken)
    {
        await store.PrepareAsync(cancellationToken);
        await waker.PrepareAsync(cancellationToken);
        RunRequest export = request with { Kind = RunKind.Export, Full = true };
        RunStamp run = RunId.New(time, previousRunId: null);
        if (operationId is not null)
        {
            OperationDocument operation = await OperationAsync(
                operationId, new OperationDocument(run.RunId, run.ArchivedAt, OperationDocument.HashOf(export)), cancellationToken);
            run = operation.Run;
            if (await FindAsync(run.RunId, cancellationToken) is { } known)
            {
                if (known.Status == RunStatus.NotStarted)
                    await WakeAsync(run.RunId, cancellationToken); // The first request may have been interrupted before this.
                return known;
            }
        }

        if (export.Callback is { } url)
            await SaveCallbackAsync(new PendingCallback(run.RunId, url, run.ArchivedAt, Attempts: 0, NotBefore: null), cancellationToken);
        // The journal goes first: it makes the export happen. Two identical journals, if the request was sent twice at once, do no harm.
        JournalHead head = JournalHead.Of(export, run, previous: null);
        await RunJournal.BeginAsync(store, head, cancellationToken);
        ProgressDocument record = await _records.UpdateAsync(run.RunId, known => known ?? ProgressDocument.Of(head), cancellationToken);
        await WakeAsync(run.RunId, cancellationToken);
        return record;
    }

    /// <summary>Null if the export does not exist.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<ProgressDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        RunId.IsOne(id) ? await _records.ReadAsync(id, cancellationToken) : null;

    /// <summary>The exports, newest first.</summary>
    /// <param name="before">Only exports that are older than this id; null for the newest.</param>
    /// <param name="most">Maximum number of exports.</param>
    /// <returns>The exports, and whether there are older ones.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<(IReadOnlyList<ProgressDocument> Exports, bool HasMore)> ListAsync(
        string? before, int most, CancellationToken cancellationToken)
    {
        string[] ids =
        [
            .. (await _records.ListAsync(cancellationToken)).Where(id => before is null || string.CompareOrdinal(id, before) < 0),
        ];
        List<ProgressDocument> exports = [];
        foreach (string id in ids.Take(most))
        {
            // One damaged record does not hide the others; a request for its id reports it.
            if (await _records.TryReadAsync(id, cancellationToken) is { } record)
                exports.Add(record);
        }

        return (exports, ids.Length > most);
    }

    /// <summary>The manifest of an export that has succeeded; null if it does not exist, or has expired.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<Manifest?> ManifestAsync(string id, CancellationToken cancellationToken)
    {
        if (!RunId.IsOne(id) || await new CommittedRuns(store, RunKind.Export).FindAsync(id, cancellationToken) is not { } stored)
            return null;
        return stored.Manifest ?? throw new StoreException(
            $"{stored.Path} of {store.LocationOf(StoreArea.Exports)} is damaged. Export again.", new InvalidDataException(stored.Problem));
    }

    /// <summary>The path of a file of an export; null if the manifest does not name it, even if such a file exists.</summary>
    /// <param name="id">The export.</param>
    /// <param name="path">As the manifest gives it, or the manifest's own name.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <returns>Its path, and its SHA-256; null for that of the manifest itself.</returns>
    public async Task<(StorePath Place, string? Sha256)?> FileAsync(string id, string path, CancellationToken cancellationToken)
    {
        if (await ManifestAsync(id, cancellationToken) is not { } manifest)
            return null;
        if (path is RunLayout.ExportManifest or RunLayout.Sums)
            return (PathOf(id, path), null);
        return manifest.Files.FirstOrDefault(f => f.Path == path) is { } file
            && StorePath.TryCreate(StoreArea.Exports, $"{id}/{path}") is { } place
            ? (place, file.Sha256)
            : null;
    }

    /// <summary>Requests cancellation of an export. Its execution stops within seconds and leaves nothing; an export that is already
    /// being published succeeds.</summary>
    /// <returns>The current status of the export; null if it does not exist.</returns>
    /// <exception cref="ExportEndedException">It has ended.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<ProgressDocument?> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is null)
            return null;
        ProgressDocument record = await _records.UpdateAsync(
            id,
            known => known switch
            {
                null => throw new StoreException($"The status of export {id} has disappeared."),
                { HasEnded: true } => throw new ExportEndedException(known),
                _ => known with { CancelRequested = true },
            },
            cancellationToken);
        if (record.Status == RunStatus.NotStarted && await TryEndAsync(id, cancellationToken) is { } ended)
            return ended;
        await new UnfinishedRuns(store, time).ReviveAsync(id, RunKind.Export, cancellationToken); // It may wait for its next attempt.
        await WakeAsync(id, cancellationToken);
        return record;
    }

    /// <summary>Ends an export that nobody has begun.</summary>
    /// <returns>Its record; null if somebody is about to begin it.</returns>
    private async Task<ProgressDocument?> TryEndAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            ProgressDocument? ended = await WriterLock.HoldAsync(
                store, time, id, "a cancellation", held => EndAsync(id, held), cancellationToken);
            if (ended is not null)
                await WriterLock.ForgetAsync(store, id);
            return ended;
        }
        catch (StoreLockedException)
        {
            return null;
        }
    }

    private async Task<ProgressDocument?> EndAsync(string id, WriterLock held)
    {
        if (await _records.ReadAsync(id, held.Interruption) is not { Status: RunStatus.NotStarted })
            return null;
        await _records.EndAsync(id, committed: null, RunStatus.Canceled, "Cancelled on request.", time.GetUtcNow(), held.Lost);
        await new RunJournal(store, id, RunKind.Export).DeleteAsync(held.Lost);
        return await _records.ReadAsync(id, held.Interruption);
    }

    private async Task SaveCallbackAsync(PendingCallback callback, CancellationToken cancellationToken)
    {
        try
        {
            await store.CreateAsync(PendingCallback.PathOf(callback.ExportId), callback.ToJson(), cancellationToken);
        }
        catch (StoreConflictException)
        {
            // The request was sent twice.
        }
    }

    private static StorePath PathOf(string id, string path) => new(StoreArea.Exports, $"{id}/{path}");

    private async Task<OperationDocument> OperationAsync(string operationId, OperationDocument mine, CancellationToken cancellationToken)
    {
        StorePath path = OperationDocument.PathOf(operationId);
        try
        {
            await store.CreateAsync(path, mine.ToJson(), cancellationToken);
            return mine;
        }
        catch (StoreConflictException e)
        {
            StoredDocument document = await store.ReadAsync(path, cancellationToken)
                ?? throw new StoreException($"{path.Name} of {store.Location} has disappeared. Try again.", e);
            OperationDocument theirs = OperationDocument.FromJson(path, document.Content.Span);
            return theirs.RequestHash == mine.RequestHash ? theirs : throw new OperationConflictException(theirs.ExportId);
        }
    }

    private Task WakeAsync(string id, CancellationToken cancellationToken) =>
        waker.WakeAsync(new RunMessage(id, RunKind.Export), TimeSpan.Zero, cancellationToken);
}
