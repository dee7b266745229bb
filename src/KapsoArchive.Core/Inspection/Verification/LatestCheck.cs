namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks that <c>latest.json</c> points to the newest manifest, with its hash.</summary>
internal sealed class LatestCheck(
    IReadOnlyList<StoredManifest> manifests, IReadOnlyCollection<string> unfinished, ManifestChain chain, VerificationNotes notes)
{
    public static readonly string Path = LatestSnapshot.Latest.Name;

    /// <returns>Whether it agrees with the newest manifest.</returns>
    public async Task<bool> CheckAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return Check(await StoredPointer.ReadAsync(store, cancellationToken));
        }
        catch (RefusedFileException e)
        {
            notes.Find(Path, e.Problem, Remedy.DeleteLatest);
            return true;
        }
    }

    private bool Check(StoredPointer pointer)
    {
        StoredManifest? newest = manifests.Count > 0 ? manifests[^1] : null;
        if (newest is not null && unfinished.Contains(newest.RunId) && pointer.IsBehind(newest.RunId))
            return true; // The next run updates it.
        if (pointer.Against(newest) is not { } disagreement)
            return newest is null or { Manifest: not null };
        if (pointer.Pointer is { } ahead && (newest is null || string.CompareOrdinal(ahead.RunId, newest.RunId) > 0))
        {
            chain.FindMissing(ahead.RunId, $"{Path} points at it");
            notes.Find(
                Path, disagreement, "Restore that manifest. If this archive never had it, delete this file: the next run rewrites it.");
            return true;
        }

        if (pointer.Pointer is not { } sound || sound.RunId != newest?.RunId || sound.Sha256 == newest.Sha256)
        {
            notes.Find(Path, disagreement, pointer.IsMissing ? "Run again: the next run rewrites it." : Remedy.DeleteLatest);
            return true;
        }

        notes.Find(newest.Path, $"has the SHA-256 {newest.Sha256}, but {Path} says {sound.Sha256}: one of the two was changed",
            Remedy.RestoreManifest);
        notes.Find(Path, $"does not have the SHA-256 of {newest.Path}: one of the two was changed",
            "If a backup has the same manifest, delete this file: the next run rewrites it.");
        return false;
    }
}
