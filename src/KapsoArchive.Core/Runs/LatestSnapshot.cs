using System.Security.Cryptography;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Knows the newest committed run: by <c>latest.json</c>, and where that is missing or behind, by the manifests themselves.</summary>
internal sealed class LatestSnapshot(IStore store)
{
    private const int MaxSwaps = 10;
    private const string Manifests = "_manifests/";

    private static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);

    /// <summary>The newest committed run; null before the first.</summary>
    /// <exception cref="StoreException">The pointer is damaged.</exception>
    public async Task<ManifestPrevious?> FindAsync(CancellationToken cancellationToken)
    {
        LatestPointer? latest = await store.ReadAsync(Latest, cancellationToken) is { } document ? Read(document) : null;
        StorePath? newest = null;
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, Manifests, cancellationToken))
            newest = file.Path;

        // A run that was given up between its manifest and the swap is committed all the same.
        if (newest is not null && RunId(newest) is var runId && string.CompareOrdinal(runId, latest?.RunId) > 0 && await store.ReadAsync(newest, cancellationToken) is { } manifest)
            return new ManifestPrevious(runId, Convert.ToHexStringLower(SHA256.HashData(manifest.Content.Span)));
        return latest is null ? null : new ManifestPrevious(latest.RunId, latest.Sha256);
    }

    public async Task SwapAsync(LatestPointer pointer, CancellationToken cancellationToken)
    {
        for (int swap = 1; ; swap++)
        {
            StoredDocument? current = await store.ReadAsync(Latest, cancellationToken);
            if (current is not null && string.CompareOrdinal(Read(current).RunId, pointer.RunId) >= 0)
                return; // A later run is committed already, or this one is.
            try
            {
                await store.ReplaceAsync(Latest, pointer.ToJson(), current?.ETag, cancellationToken);
                return;
            }
            catch (StoreConflictException) when (swap < MaxSwaps)
            {
                // Written in between, perhaps by this very call whose answer was lost: look again.
            }
        }
    }

    private static string RunId(StorePath manifest) => manifest.Name[Manifests.Length..^".json".Length];

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
}
