namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Checks that each manifest is the one that the next run saw, and that the chain is complete. A manifest's statement about the
/// one before it counts only if the manifest itself is the committed one, so the check starts at the newest.</summary>
internal sealed class ManifestChain(IReadOnlyList<StoredManifest> manifests, AcceptedLinks accepted, VerificationNotes notes)
{
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>Committed runs whose manifest is missing.</summary>
    public IReadOnlySet<string> Missing => _missing;

    /// <param name="newestIsTrusted">Whether <c>latest.json</c> agrees with the newest manifest.</param>
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

    /// <summary>Whether a manifest's statement about the one before it is true.</summary>
    public static bool Agrees(ManifestPrevious? previous, StoredManifest? before) =>
        previous is null ? before is null : (previous.RunId, previous.ManifestSha256) == (before?.RunId, before?.Sha256);

    /// <summary>Reports that a run was committed but its manifest is missing.</summary>
    /// <param name="who">The origin of the statement.</param>
    /// <param name="byManifestOf">The run whose manifest states it; null if the statement has another origin.</param>
    public void FindMissing(string runId, string who, string? byManifestOf = null)
    {
        if (_missing.Add(runId))
            notes.Find(Layout.Manifest(runId), $"is missing: {who}",
                "Restore it from a backup, and its files if they are missing too. Until then, the run's messages are not part of the "
                + "archive." + (byManifestOf is null ? "" : $" {Remedy.Accept(byManifestOf)}"));
    }

    /// <returns>False if the one before is not the committed one.</returns>
    private bool CheckPrevious(StoredManifest manifest, ManifestPrevious? previous, StoredManifest? before)
    {
        if (Agrees(previous, before))
            return true;
        if (accepted.Find(manifest, before) is { } acceptance)
        {
            notes.Remark(
                $"{manifest.Path} is wrong about the manifest before it. That was accepted on "
                + $"{acceptance.AcceptedAt.UtcDateTime:yyyy-MM-dd}, and neither of them was changed since.");
            return true;
        }

        if (previous is null)
        {
            if (before is not null)
                notes.Find(manifest.Path, $"names no previous run, but {before.Path} exists", Remedy.CompareManifest);
            return true;
        }

        if (previous.RunId != before?.RunId)
        {
            if (manifests.Any(m => m.RunId == previous.RunId))
                notes.Find(
                    manifest.Path, $"names run {previous.RunId} as the previous run, but by the ids that is {before?.RunId ?? "none"}",
                    Remedy.CompareManifest);
            else
                FindMissing(previous.RunId, $"{manifest.Path} names it as the previous manifest", manifest.RunId);
            return true;
        }

        if (string.IsNullOrEmpty(previous.ManifestSha256))
        {
            // An earlier version copied it from a damaged latest.json. The manifest before may be fine, and restoring a file does not help.
            notes.Remark(
                $"{manifest.Path} names run {previous.RunId} as the previous run, without the SHA-256 of its manifest: compare "
                + $"{before.Path} with a backup.");
            return true;
        }

        notes.Find(before.Path,
            $"was changed after it was committed: its SHA-256 is {before.Sha256}, but {manifest.Path} says {previous.ManifestSha256}",
            Remedy.RestoreOrAccept(manifest.RunId));
        return false;
    }
}
