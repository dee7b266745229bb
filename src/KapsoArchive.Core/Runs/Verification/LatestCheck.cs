using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>Checks that <c>latest.json</c> points at the newest manifest, with its hash.</summary>
internal sealed class LatestCheck(IReadOnlyList<StoredManifest> manifests, IReadOnlyCollection<string> unfinished, ManifestChain chain, VerificationNotes notes)
{
    public static readonly string Path = LatestSnapshot.Latest.Name;

    /// <param name="document">Null where there is none.</param>
    /// <returns>Whether it has nothing against the newest manifest.</returns>
    public bool Check(StoredDocument? document)
    {
        StoredManifest? newest = manifests.Count > 0 ? manifests[^1] : null;
        if (document is null)
        {
            if (newest is not null && !unfinished.Contains(newest.RunId))
                notes.Find(Path, $"is missing, and the newest committed run is {newest.RunId}", "Run again: the next run writes it anew.");
            return true;
        }

        if (Read(document) is not { } pointer)
            return true;
        if (pointer.Manifest != Layout.Manifest(pointer.RunId) || !document.Content.Span.SequenceEqual(pointer.ToJson()))
            notes.Find(Path, "is not as a run writes it", Remedy.DeleteLatest);
        else if (newest is null || string.CompareOrdinal(pointer.RunId, newest.RunId) > 0)
            chain.FindMissing(pointer.RunId, $"{Path} points at it");
        else if (pointer.RunId == newest.RunId)
            return IsThat(newest, pointer);
        else if (!unfinished.Contains(newest.RunId))
            notes.Find(Path, $"points at run {pointer.RunId}, and the newest committed run is {newest.RunId}", Remedy.DeleteLatest);
        return true;
    }

    private bool IsThat(StoredManifest newest, LatestPointer pointer)
    {
        if (newest.Manifest is not { } manifest)
            return false;
        if (newest.Sha256 != pointer.Sha256)
        {
            notes.Find(newest.Path, $"has the SHA-256 {newest.Sha256}, and {Path} says {pointer.Sha256}: one of the two was changed", Remedy.RestoreManifest);
            notes.Find(Path, $"does not have the SHA-256 of {newest.Path}: one of the two was changed", "Where a backup has the same manifest, delete this file: the next run writes it anew.");
            return false;
        }

        if (manifest.FinishedAt != pointer.FinishedAt)
            notes.Find(Path, $"says that the run finished at {pointer.FinishedAt:O}, and {newest.Path} says {manifest.FinishedAt:O}", Remedy.DeleteLatest);
        return true;
    }

    private LatestPointer? Read(StoredDocument document)
    {
        try
        {
            if (LatestPointer.FromJson(document.Content.Span) is { RunId: not null, Manifest: not null, Sha256: not null } pointer)
                return pointer;
            notes.Find(Path, "lacks something that it must have", Remedy.DeleteLatest);
        }
        catch (JsonException e)
        {
            notes.Find(Path, $"cannot be read: {e.Message}", Remedy.DeleteLatest);
        }

        return null;
    }
}
