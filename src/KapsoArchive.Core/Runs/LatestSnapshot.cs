using System.Security.Cryptography;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Runs;

/// <summary>Knows the newest committed run: by <c>latest.json</c>, and where that is missing or older than the newest manifest, by the manifests themselves.</summary>
internal sealed class LatestSnapshot(IStore store)
{
    private const int MaxSwaps = 10;

    public static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);

    /// <summary>The newest committed run; null before the first.</summary>
    /// <exception cref="StoreException">The pointer is damaged.</exception>
    public async Task<ManifestPrevious?> FindAsync(CancellationToken cancellationToken)
    {
        LatestPointer? latest = await store.ReadAsync(Latest, cancellationToken) is { } document ? Read(document) : null;
        (string RunId, StorePath Manifest)? newest = null;
        await foreach ((string, StorePath) run in CommittedRuns.ListAsync(store, cancellationToken))
            newest = run;
        if (latest is not null && (newest is null || string.CompareOrdinal(latest.RunId, newest.Value.RunId) >= 0))
            return new ManifestPrevious(latest.RunId, latest.Sha256);
        return newest is { } found && await store.ReadAsync(found.Manifest, cancellationToken) is { } manifest
            ? new ManifestPrevious(found.RunId, Convert.ToHexStringLower(SHA256.HashData(manifest.Content.Span)))
            : null;
    }

    /// <summary>Makes the pointer point at a run that was just committed, or at one after it.</summary>
    /// <remarks>
    /// In a folder whose file system has no locks, two writers may replace the document at once, and the older run's pointer may be the one that stays. So whoever
    /// wrote it looks for newer manifests afterwards: a run creates its manifest first, so the last writer sees all that were pointed at before.
    /// </remarks>
    public async Task SwapAsync(LatestPointer pointer, CancellationToken cancellationToken)
    {
        await WriteAsync(pointer, cancellationToken);
        while (await FindAsync(cancellationToken) is { } newest && string.CompareOrdinal(newest.RunId, pointer.RunId) > 0)
        {
            StorePath path = new(StoreArea.Data, Layout.Manifest(newest.RunId));
            if (await store.ReadAsync(path, cancellationToken) is not { } manifest)
                return;
            pointer = new LatestPointer(newest.RunId, path.Name, newest.ManifestSha256, Manifest.FromJson(manifest.Content.Span).FinishedAt);
            await WriteAsync(pointer, cancellationToken);
        }
    }

    private async Task WriteAsync(LatestPointer pointer, CancellationToken cancellationToken)
    {
        for (int swap = 1; ; swap++)
        {
            StoredDocument? current = await store.ReadAsync(Latest, cancellationToken);
            if (current is not null && string.CompareOrdinal(Read(current).RunId, pointer.RunId) >= 0)
                return; // A later run is committed already, or this one is.
            try
            {
                await store.ReplaceAsync(Latest, pointer.ToJson(), current?.ETag, cancellationToken);
                SnapshotAge.Know(pointer.FinishedAt);
                return;
            }
            catch (StoreConflictException) when (swap < MaxSwaps)
            {
                // Written in between: look again.
            }
        }
    }

    private LatestPointer Read(StoredDocument document)
    {
        try
        {
            var pointer = LatestPointer.FromJson(document.Content.Span);
            SnapshotAge.Know(pointer.FinishedAt);
            return pointer;
        }
        catch (JsonException e)
        {
            throw new StoreException($"{Latest.Name} of {store.Location} is damaged. It only points at the newest file in _manifests/: delete it, and the next run writes it anew.", e);
        }
    }
}
