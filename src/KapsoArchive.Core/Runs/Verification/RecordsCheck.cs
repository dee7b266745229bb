using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Dispatch;
using KapsoArchive.Core.Runs.Notes;
using KapsoArchive.Core.Runs.Records;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>Checks the documents of the state area of which nothing else is made: the records of runs, exports and requests, and the notes on listings.</summary>
internal sealed class RecordsCheck(IStore store, VerificationNotes notes)
{
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        HashSet<string> exports = [.. await CheckRecordsAsync(RunKind.Export, cancellationToken)];
        await CheckRecordsAsync(RunKind.Archive, cancellationToken);
        await CheckOperationsAsync(exports, cancellationToken);
        await CheckAsync(ListingNotes.Path, Remedy.DeleteNotes, async () => (await ListingNotes.ReadAsync(store, cancellationToken)).Damage);
    }

    /// <returns>The ids of all that there are.</returns>
    private async Task<IReadOnlyList<string>> CheckRecordsAsync(RunKind kind, CancellationToken cancellationToken)
    {
        var records = new RunRecords(store, kind);
        IReadOnlyList<string> ids = await records.ListAsync(cancellationToken);
        foreach (string id in ids)
        {
            await CheckAsync(records.PathOf(id), Remedy.DeleteTelling, async () =>
            {
                await records.ReadAsync(id, cancellationToken);
                return null;
            });
        }

        return ids;
    }

    private async Task CheckOperationsAsync(HashSet<string> exports, CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, OperationRecord.Folder, cancellationToken))
        {
            await CheckAsync(file.Path, Remedy.DeleteTelling, async () =>
                await store.ReadAsync(file.Path, cancellationToken) is { } document
                && OperationRecord.FromJson(file.Path, document.Content.Span).ExportId is var id && !exports.Contains(id) ? $"names export {id}, of which there is no record" : null);
        }
    }

    private async Task CheckAsync(StorePath path, string remedy, Func<Task<string?>> findProblem)
    {
        try
        {
            if (await findProblem() is { } problem)
                notes.Find(path.Name, problem, remedy);
        }
        catch (RefusedFileException e)
        {
            notes.Find(path.Name, e.Problem, Remedy.MoveAway);
        }
        catch (StoreException e) when (e.InnerException is JsonException damage)
        {
            notes.Find(path.Name, $"is damaged: {damage.Message.TrimEnd('.')}", remedy);
        }
    }
}
