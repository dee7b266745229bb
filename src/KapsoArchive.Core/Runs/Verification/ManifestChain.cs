using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs.Verification;

/// <summary>
/// Checks that each manifest is the very one that the run after it saw, and that none is missing. What a manifest says of the one before it counts only where it is itself the one that was
/// committed, so the chain is followed from its newest end.
/// </summary>
internal sealed class ManifestChain(IReadOnlyList<StoredManifest> manifests, VerificationNotes notes)
{
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>Runs that were committed and whose manifest is gone.</summary>
    public IReadOnlySet<string> Missing => _missing;

    /// <param name="newestIsTrusted">Whether <c>latest.json</c> has nothing against the newest.</param>
    public void Check(bool newestIsTrusted)
    {
        bool trusted = newestIsTrusted;
        for (int i = manifests.Count - 1; i >= 0; i--)
        {
            StoredManifest manifest = manifests[i];
            StoredManifest? before = i > 0 ? manifests[i - 1] : null;
            if (manifest.WhatIsWrong is { } problem)
                notes.Find(manifest.Path, problem, Remedy.RestoreManifest);
            trusted = manifest.Manifest is not { } content || !trusted || CheckPrevious(manifest, content.Previous, before);
        }
    }

    /// <summary>Tells that a run was committed and its manifest is gone.</summary>
    public void FindMissing(string runId, string who)
    {
        if (_missing.Add(runId))
            notes.Find(Layout.Manifest(runId), $"is missing: {who}", "Restore it from a backup, and its files where they are missing too. Until then the run's messages are no part of the archive.");
    }

    /// <returns>False where the one before is not the one that was committed.</returns>
    private bool CheckPrevious(StoredManifest manifest, ManifestPrevious? previous, StoredManifest? before)
    {
        if (previous is null)
        {
            if (before is not null)
                notes.Find(manifest.Path, $"names no run before it, and there is {before.Path}", Remedy.CompareManifest);
            return true;
        }

        if (previous.RunId != before?.RunId)
        {
            if (manifests.Any(m => m.RunId == previous.RunId))
                notes.Find(manifest.Path, $"names run {previous.RunId} as the one before it, and by the ids that is {before?.RunId ?? "none"}", Remedy.CompareManifest);
            else
                FindMissing(previous.RunId, $"{manifest.Path} names it as the one before it");
            return true;
        }

        if (before.Sha256 == previous.ManifestSha256)
            return true;
        notes.Find(before.Path, $"was changed after it was committed: its SHA-256 is {before.Sha256}, and {manifest.Path} says {previous.ManifestSha256}", Remedy.RestoreManifest);
        return false;
    }
}
