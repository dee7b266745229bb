using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Archive;

/// <summary>Finds the newest committed run from the manifests. <c>latest.json</c> only points at one of them, and is compared with it
/// before any of its values is used.</summary>
internal sealed class LatestSnapshot(IStore store)
{
    private const int MaxSwaps = 10;

    public static readonly StorePath Latest = new(StoreArea.State, Layout.LatestName);

    private readonly CommittedRuns _runs = new(store);

    /// <summary>The newest committed run, and what is wrong with the documents that describe it.</summary>
    /// <exception cref="StoreException">The store cannot be read, or <c>latest.json</c> is not a regular file.</exception>
    public async Task<NewestRun> FindAsync(CancellationToken cancellationToken)
    {
        // Read first: a run that commits meanwhile moves it forward.
        StoredPointer pointer = await StoredPointer.ReadAsync(store, cancellationToken);
        List<string> damages = [];
        (string RunId, StorePath Path)? last = null;
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, CommittedRuns.Folder, cancellationToken))
        {
            if (CommittedRuns.IdOf(file.Path) is { } id)
                last = (id, file.Path);
            else if (CommittedRuns.IsSkipped(file.Path.Name))
                damages.Add($"{file.Path.Name} of {store.Location} {CommittedRuns.Skipped}. {Remedy.MoveAway}");
        }

        StoredManifest? newest = last is { } found
            ? await _runs.ReadAsync(found.RunId, found.Path, cancellationToken)
            : null;
        if (newest?.WhatIsWrong is { } problem)
            damages.Add($"{newest.Path} of {store.Location} {problem}. {Remedy.RestoreManifest}");
        bool isSnapshot = newest is not null && newest.Manifest?.Status != Manifest.Closed;
        return Of(newest, pointer.Pointer) with
        {
            ManifestDamages = damages,
            PointerIsBehind = isSnapshot && pointer.IsBehind(newest!.RunId)
                && (pointer.Pointer is not { } known || await AgreesAsync(pointer, known, cancellationToken)),
            PointerDamage = pointer.Against(newest) is { } disagreement
                ? $"{Latest.Name} of {store.Location} {disagreement}. The newest file in {CommittedRuns.Folder} is used; the next "
                    + $"committed run rewrites {Latest.Name}."
                : null,
        };
    }

    /// <summary>Makes <c>latest.json</c> point at a committed run, unless it correctly points at that run or a later one.</summary>
    /// <remarks>
    /// In a folder whose file system has no locks, two writers may replace the document at once, and the pointer of the older run may
    /// remain. So each writer looks for newer manifests afterwards. A run creates its manifest first, so the last writer sees every run
    /// that was pointed at before.
    /// </remarks>
    public async Task SwapAsync(LatestPointer pointer, CancellationToken cancellationToken)
    {
        await WriteAsync(pointer, cancellationToken);
        while ((await FindAsync(cancellationToken)).Pointer is { } newest && string.CompareOrdinal(newest.RunId, pointer.RunId) > 0)
        {
            pointer = newest;
            await WriteAsync(pointer, cancellationToken);
        }
    }

    private async Task WriteAsync(LatestPointer pointer, CancellationToken cancellationToken)
    {
        for (int swap = 1; ; swap++)
        {
            StoredPointer current = await StoredPointer.ReadAsync(store, cancellationToken);
            if (current.Pointer is { } known && string.CompareOrdinal(known.RunId, pointer.RunId) >= 0
                && await AgreesAsync(current, known, cancellationToken))
                return; // A later run, or this one, is recorded already.
            try
            {
                await store.ReplaceAsync(Latest, pointer.ToJson(), current.ETag, cancellationToken);
                SnapshotAge.Know(pointer.FinishedAt);
                return;
            }
            catch (StoreConflictException) when (swap < MaxSwaps)
            {
                // Another writer replaced it meanwhile: read again.
            }
        }
    }

    private async Task<bool> AgreesAsync(StoredPointer pointer, LatestPointer known, CancellationToken cancellationToken) =>
        await _runs.ReadAsync(known.RunId, new StorePath(StoreArea.Data, known.Manifest), cancellationToken) is { } manifest
            && pointer.Against(manifest) is null;

    /// <summary>The newest run. A run whose manifest is damaged is still committed. If <c>latest.json</c> points at it, the hash there is
    /// that of the manifest as it was written, which a backup still has.</summary>
    private static NewestRun Of(StoredManifest? newest, LatestPointer? pointer)
    {
        if (newest is null)
            return new NewestRun(null, null);
        if (newest.Manifest?.Status == Manifest.Closed)
            return new NewestRun(new ManifestPrevious(newest.RunId, newest.Sha256), pointer);
        if (newest is { Manifest: { } manifest, WhatIsWrong: null })
        {
            SnapshotAge.Know(manifest.FinishedAt);
            return new NewestRun(
                new ManifestPrevious(newest.RunId, newest.Sha256),
                new LatestPointer(newest.RunId, newest.Path, newest.Sha256, manifest.FinishedAt));
        }

        return pointer?.RunId == newest.RunId
            ? new NewestRun(new ManifestPrevious(newest.RunId, pointer.Sha256), pointer)
            : new NewestRun(new ManifestPrevious(newest.RunId, newest.Sha256), null);
    }
}
