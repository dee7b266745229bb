namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Verifies one export: its files are as they were written, its folder contains no other files, and its totals agree. Needs
/// neither the source nor a lock, because a finished export does not change.</summary>
public sealed class ExportVerification(IStore store, TimeProvider time)
{
    /// <param name="typed">The export's id or a unique prefix of it.</param>
    /// <returns>The export's id and the findings. Files have their names in its folder.</returns>
    /// <exception cref="SettingException">The export does not exist, or the prefix is ambiguous.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<(string ExportId, VerificationReport Report)> VerifyAsync(
        string typed, VerificationTracker tracker, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        var exports = new CommittedRuns(store, RunKind.Export); // An unfinished export has no manifest.
        string[] ids = [.. (await exports.ListAsync(cancellationToken).ToListAsync(cancellationToken)).Select(e => e.RunId)
            .OrderDescending(StringComparer.Ordinal)];
        string id = RunId.Choose(typed, ids, store.LocationOf(StoreArea.Exports), "export");
        var layout = new RunLayout(new RunStamp(id, default), RunKind.Export);
        StoredManifest stored = await exports.FindAsync(id, cancellationToken)
            ?? throw new StoreException($"{layout.Folder}{layout.Manifest} of {store.LocationOf(StoreArea.Exports)} has disappeared.");
        stored = stored with { Path = layout.Manifest };

        var notes = new VerificationNotes();
        var files = new FilesCheck(store, RunKind.Export, notes, tracker);
        if (stored.Manifest is { } manifest)
        {
            if ((manifest.RunId, manifest.Kind) != (id, "export"))
                notes.Find(stored.Path, $"is the manifest of {manifest.Kind} {manifest.RunId}", Remedy.ExportAnew);
            tracker.Phase = VerificationPhase.CheckingFiles;
            tracker.SetFiles(manifest.Files.Count, manifest.Files.Sum(f => f.Bytes));
            await files.CheckAsync(stored, cancellationToken);
            await CheckSumsAsync(id, manifest, notes, cancellationToken);
            await FindStrayAsync(layout, manifest, notes, cancellationToken);
        }
        else
        {
            notes.Find(stored.Path, stored.Problem!, Remedy.ExportAnew);
        }

        var counts = new VerificationCounts(
            stored.Manifest is null ? 0 : 1, files.Files, files.Rows, files.Bytes, Conversations: null, Messages: null,
            Math.Round(time.GetElapsedTime(start).TotalSeconds, 3));
        return (id, new VerificationReport(notes.Findings.Count == 0, counts, notes.Findings, notes.Remarks));
    }

    /// <summary>Exports of an earlier version have no list of hashes.</summary>
    private async Task CheckSumsAsync(string id, Manifest manifest, VerificationNotes notes, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadAsync(CommittedRuns.SumsOf(id), cancellationToken) is { } sums
                && await store.ReadAsync(CommittedRuns.PathOf(id, RunKind.Export), cancellationToken) is { } bytes
                && !sums.Content.Span.SequenceEqual(HashSums.OfExport(manifest, bytes.Content.Span)))
                notes.Find(RunLayout.Sums, "differs from what the manifest and its own hash say", Remedy.ExportAnew);
        }
        catch (RefusedFileException e)
        {
            notes.Find(RunLayout.Sums, e.Problem, Remedy.ExportAnew);
        }
    }

    private async Task FindStrayAsync(RunLayout layout, Manifest manifest, VerificationNotes notes, CancellationToken cancellationToken)
    {
        HashSet<string> named = [layout.Manifest, RunLayout.Sums, .. manifest.Files.Select(f => f.Path)];
        await foreach (StoredEntry entry in store.ListEntriesAsync(StoreArea.Exports, layout.Folder, cancellationToken))
        {
            string name = entry.Name[layout.Folder.Length..];
            if (!named.Contains(name))
                notes.Find(
                    name,
                    entry.Oddity is { } oddity ? $"{oddity}, and is not named by the manifest" : "is not named by the manifest",
                    "Look at it, then move it away: it is not part of the export.");
        }
    }
}
