using System.Security.Cryptography;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>
/// Publishes a run, in the one order that is safe: reveal the files, create the manifest (from here the run is committed), swap latest.json.
/// </summary>
internal sealed class Publication(IStore store)
{
    private const int MaxSwaps = 10;

    private static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);

    /// <summary>The committed run that latest.json points at; null before the first.</summary>
    /// <exception cref="StoreException">The pointer is damaged.</exception>
    public async Task<ManifestPrevious?> PreviousAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(Latest, cancellationToken) is { } document && Read(document) is var latest
            ? new ManifestPrevious(latest.RunId, latest.Sha256)
            : null;

    /// <summary>Not to be cancelled: once files are revealed, going on is the shortest way to a state that is whole.</summary>
    /// <exception cref="StoreException">Nothing is left visible, unless the message says so.</exception>
    public async Task CommitAsync(Manifest manifest, IReadOnlyList<RunFile> files)
    {
        byte[] json = manifest.ToJson();
        try
        {
            foreach (RunFile file in files)
                await store.RevealAsync(file.Staged, CancellationToken.None);
            await CreateManifestAsync(new StorePath(StoreArea.Data, Layout.Manifest(manifest.RunId)), json);
        }
        catch (StoreException e) when (e is not CommitUnknownException)
        {
            // Without its manifest the run is not committed, so what it revealed is nobody's.
            await WithdrawAsync(manifest.RunId, files, e);
            throw;
        }

        try
        {
            await SwapLatestAsync(new LatestPointer(
                manifest.RunId, Layout.Manifest(manifest.RunId), Convert.ToHexStringLower(SHA256.HashData(json)), manifest.FinishedAt));
        }
        catch (StoreException e)
        {
            throw new StoreException($"Run {manifest.RunId} is committed and whole, but {Latest.Name} still points at the run before it: {e.Message} The next run mends that.", e);
        }
    }

    /// <summary>A creation whose answer was lost may have happened, so an error is not believed before the manifest was looked for.</summary>
    private async Task CreateManifestAsync(StorePath path, byte[] json)
    {
        try
        {
            await store.CreateAsync(path, json, CancellationToken.None);
        }
        catch (StoreException creation)
        {
            StoredDocument? manifest;
            try
            {
                manifest = await store.ReadAsync(path, CancellationToken.None);
            }
            catch (StoreException reading)
            {
                throw new CommitUnknownException($"{creation.Message} Whether {path.Name} was created could not be found out either. If it exists, the run is committed and whole; if not, the run's files are visible without a manifest.", reading);
            }

            if (manifest is null || !manifest.Content.Span.SequenceEqual(json))
                throw;
        }
    }

    private async Task WithdrawAsync(string runId, IReadOnlyList<RunFile> files, StoreException cause)
    {
        List<string> visible = [];
        foreach (RunFile file in files)
        {
            try
            {
                await store.WithdrawAsync(file.Staged, CancellationToken.None);
            }
            catch (StoreException)
            {
                visible.Add(file.Staged.Path.Name);
            }
        }

        if (visible.Count > 0)
            throw new StoreException($"{cause.Message} Run {runId} is not committed, and these files of it may be visible without a manifest: {string.Join(", ", visible)}. Delete them.", cause);
    }

    private async Task SwapLatestAsync(LatestPointer pointer)
    {
        for (int swap = 1; ; swap++)
        {
            StoredDocument? current = await store.ReadAsync(Latest, CancellationToken.None);
            if (current is not null && string.CompareOrdinal(Read(current).RunId, pointer.RunId) >= 0)
                return; // A later run is committed already, or this one is.
            try
            {
                await store.ReplaceAsync(Latest, pointer.ToJson(), current?.ETag, CancellationToken.None);
                return;
            }
            catch (StoreConflictException) when (swap < MaxSwaps)
            {
                // Another run swapped in between: look again.
            }
        }
    }

    private LatestPointer Read(StoredDocument document)
    {
        try
        {
            return LatestPointer.FromJson(document.Content.Span);
        }
        catch (JsonException e)
        {
            throw new StoreException($"{Latest.Name} of {store.Location} is damaged. It only points at the newest file in _manifests/: delete it, and the next run writes it anew.", e);
        }
    }

    private sealed class CommitUnknownException(string message, Exception inner) : StoreException(message, inner);
}
