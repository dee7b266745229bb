using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Records;

/// <summary>The records of a store's runs, or of its exports.</summary>
public sealed class RunRecords(IStore store, RunKind kind = RunKind.Archive)
{
    private const string Extension = ".json";

    private string Folder => kind == RunKind.Export ? "exports/" : "runs/";

    /// <summary>Null where there is none.</summary>
    /// <exception cref="StoreException">The record is damaged, or the store cannot be read.</exception>
    public async Task<RunRecord?> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        if (StorePath.TryCreate(StoreArea.State, $"{Folder}{runId}{Extension}") is not { } path || await store.ReadAsync(path, cancellationToken) is not { } document)
            return null;
        try
        {
            return RunRecord.FromJson(document.Content.Span);
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path.Name} of {store.Location} is damaged. It only tells how a run went: delete it.", e);
        }
    }

    public async Task WriteAsync(RunRecord record, CancellationToken cancellationToken) =>
        await StoreDocuments.OverwriteAsync(store, new StorePath(StoreArea.State, $"{Folder}{record.RunId}{Extension}"), record.ToJson(), cancellationToken);

    /// <summary>The ids of all runs that have a record, newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (StoredFile file in store.ListAsync(StoreArea.State, Folder, cancellationToken))
        {
            if (file.Path.Name.EndsWith(Extension, StringComparison.Ordinal))
                ids.Add(file.Path.Name[Folder.Length..^Extension.Length]);
        }

        ids.Reverse();
        return ids;
    }
}
