using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>One verification under the lock. In this order: manifests, their files, stray files, and the index.</summary>
internal sealed class VerificationPass(IStore store, VerificationRequest request, VerificationTracker tracker, TimeProvider time)
{
    private readonly VerificationNotes _notes = new();
    private VerificationRecord? _record;
    private VerificationPart? _part;

    public async Task<VerificationReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        _record = await VerificationRecord.ReadAsync(store, cancellationToken);
        _part = request.Parts is { } parts ? new VerificationPart((_record?.NextPart ?? 0) % parts, parts) : null;
        IReadOnlyList<StoredManifest> manifests =
            await new CommittedRuns(store).ReadAllAsync(upTo: null, cancellationToken).ToListAsync(cancellationToken);
        string? only = request.RunId is null
            ? null
            : RunId.Choose(request.RunId, [.. manifests.Select(m => m.RunId).Reverse()], store.Location);
        IReadOnlyList<RunState> whole = await new JournalCheck(store, RunKind.Archive, _notes).FindAsync(cancellationToken);
        string[] unfinished = [.. whole.Select(r => r.Run.RunId)];
        foreach (string run in unfinished)
            Remark(run, manifests);

        bool isBeingCopied = await CopyMark.ReadAsync(store, cancellationToken) is { IsUnderWay: true };
        if (isBeingCopied)
        {
            unfinished = [.. manifests.Select(m => m.RunId)];
            _notes.Remark("A backup into this copy is under way, or was broken off. Its manifests and their files were checked; what the "
                + "next backup completes was not: latest.json, the tables, the index, and files that no manifest names yet.");
        }

        var chain = new ManifestChain(manifests, await AcceptedAsync(manifests, cancellationToken), _notes);
        int ofState = _notes.Findings.Count;
        bool newestIsTrusted = await new LatestCheck(manifests, unfinished, chain, _notes).CheckAsync(store, cancellationToken);
        chain.Check(newestIsTrusted);
        if (request.RebuildIndex)
            await RebuildIndexAsync(cancellationToken);

        StoredManifest[] readable = [.. manifests.Where(m => m.Manifest is not null && (only is null || m.RunId == only))];
        FilesCheck files = await CheckFilesAsync(readable, cancellationToken);
        ArchiveIndex? index = null;
        if (only is null && !isBeingCopied)
        {
            bool partsAreSound = _notes.Findings.Skip(ofState).All(f => f.Path == LatestCheck.Path);
            var delta = new DeltaCheck(store, manifests, unfinished, chain.Missing, _notes);
            // The logs are compared with the footers of all parts: once in a round.
            bool readsLogs = _part is null or { Number: 0 };
            await delta.CheckAsync(readsLogs, cancellationToken);
            var stray = new StrayFiles(store, manifests, delta.Known, PublishedBy(whole), chain.Missing, _notes);
            await stray.FindAsync(cancellationToken);
            if (_part is not null)
                CheckLengths(readable, stray.Lengths);
            await RecordAsync(
                readable, [.. _notes.Findings.Skip(ofState).Where(f => f.Path != LatestCheck.Path)], readsLogs, cancellationToken);
            await new JournalCheck(store, RunKind.Export, _notes).FindAsync(cancellationToken);
            await new ProgressCheck(store, _notes).CheckAsync(cancellationToken);
            index = _part is null ? await CheckIndexAsync(manifests, unfinished, partsAreSound, cancellationToken) : null;
        }
        else if (only is not null)
        {
            KeepOnly(manifests.Single(m => m.RunId == only));
            _notes.Remark("Only this run was checked. Without --run, verify also checks the other runs, the index and all other files.");
        }

        var counts = new VerificationCounts(
            readable.Length, files.Files, files.Rows, files.Bytes, index?.Catalog.Conversations.Count,
            index?.Catalog.Conversations.Sum(c => (long)c.Live), Math.Round(time.GetElapsedTime(start).TotalSeconds, 3));
        return new VerificationReport(_notes.Findings.Count == 0, counts, _notes.Findings, _notes.Remarks);
    }

    /// <summary>The accepted faults, including the one accepted now.</summary>
    private async Task<AcceptedLinks> AcceptedAsync(IReadOnlyList<StoredManifest> manifests, CancellationToken cancellationToken)
    {
        AcceptedLinks accepted;
        try
        {
            accepted = await AcceptedLinks.ReadAsync(store, cancellationToken);
        }
        catch (StoreException e) when (request.AcceptedRunId is null
            && (e is RefusedFileException || e.InnerException is JsonException))
        {
            _notes.Find(
                AcceptedLinks.Path.Name,
                (e as RefusedFileException)?.Problem ?? "is damaged",
                "Delete it, and accept again what it accepted: `kapso-archive verify --accept RUN_ID`.");
            return new AcceptedLinks([]);
        }

        if (request.AcceptedRunId is null)
            return accepted;
        string id = RunId.Choose(request.AcceptedRunId, [.. manifests.Select(m => m.RunId).Reverse()], store.Location);
        int found = manifests.ToList().FindIndex(m => m.RunId == id);
        StoredManifest? before = found > 0 ? manifests[found - 1] : null;
        if (manifests[found].Manifest is not { } manifest)
            throw new SettingException($"--accept: {manifests[found].Path} {manifests[found].Problem}. Restore it first.");
        if (ManifestChain.Agrees(manifest.Previous, before))
            throw new SettingException(
                $"--accept: {manifests[found].Path} agrees with the manifest before it, so there is nothing to accept.");
        return accepted.Find(manifests[found], before) is null
            ? await accepted.AddAsync(store, manifests[found], before, time.GetUtcNow(), cancellationToken)
            : accepted;
    }

    /// <summary>The files that runs may have revealed before their manifests, by path.</summary>
    private static Dictionary<string, RunFile> PublishedBy(IEnumerable<RunState> runs) =>
        runs.SelectMany(r => r.Commit?.Files ?? []).ToDictionary(f => f.Entry.Path, StringComparer.Ordinal);

    private async Task<FilesCheck> CheckFilesAsync(StoredManifest[] manifests, CancellationToken cancellationToken)
    {
        tracker.Phase = VerificationPhase.CheckingFiles;
        ManifestFile[] all = [.. manifests.SelectMany(m => m.Manifest!.Files).Where(IsRead)];
        tracker.SetFiles(all.Length, all.Sum(f => f.Bytes));
        var files = new FilesCheck(store, RunKind.Archive, _notes, tracker, _part);
        foreach (StoredManifest manifest in manifests)
            await files.CheckAsync(manifest, cancellationToken);
        return files;
    }

    /// <summary>Whether the content of a file is read.</summary>
    private bool IsRead(ManifestFile file) => _part?.Has(file) != false;

    /// <summary>Of the files of the other parts, checks that each is there, and as long as its manifest says.</summary>
    private void CheckLengths(IEnumerable<StoredManifest> manifests, IReadOnlyDictionary<string, long> lengths)
    {
        foreach (StoredManifest stored in manifests)
        {
            foreach (ManifestFile file in stored.Manifest!.Files.Where(f => !IsRead(f)))
            {
                if (!lengths.TryGetValue(file.Path, out long length))
                    _notes.Find(file.Path, $"is missing, but {stored.Path} names it", Remedy.Restore);
                else if (length != file.Bytes)
                    _notes.Find(file.Path, "is not as long as the manifest says", Remedy.Restore);
            }
        }

        _notes.Remark(string.Create(
            CultureInfo.InvariantCulture,
            $"This was part {_part!.Number + 1} of {_part.Of}: of all other files, only presence and length were checked. Without "
                + $"--subset, verify also compares the index with the parts."));
    }

    /// <summary>Records the damage of the data area, for the status. What an earlier verification found where this one did not look
    /// remains. Documents of the state area are left out: runs repair them, and the status looks at them itself.</summary>
    private async Task RecordAsync(
        IEnumerable<StoredManifest> manifests, IReadOnlyList<Finding> findings, bool readsLogs, CancellationToken cancellationToken)
    {
        if (_part is null && _record is null)
            return; // A whole verification changes nothing, unless there is a record to bring up to date.
        DateTimeOffset now = time.GetUtcNow();
        HashSet<string> found = [.. findings.Select(f => f.Path)];
        HashSet<string> unread = [.. manifests.SelectMany(m => m.Manifest!.Files).Where(f => !IsRead(f)).Select(f => f.Path)];
        bool WasLeftOut(string path) => unread.Contains(path) || (!readsLogs && DeltaCheck.IsOfLog(path));
        KnownDamage[] damages =
        [
            .. findings.Select(f => new KnownDamage(f.Path, f.Problem, now)),
            .. _record?.Damages.Where(d => WasLeftOut(d.Path) && !found.Contains(d.Path)) ?? [],
        ];
        var record = new VerificationRecord(
            now, _part is null ? _record?.NextPart ?? 0 : (_part.Number + 1) % _part.Of,
            [.. damages.Take(VerificationRecord.MostDamages)], damages.Length);
        await record.SaveAsync(store, cancellationToken);
    }

    /// <returns>The index, if it was compared with the parts.</returns>
    private async Task<ArchiveIndex?> CheckIndexAsync(
        IReadOnlyList<StoredManifest> manifests, IReadOnlyList<string> unfinished, bool partsAreSound, CancellationToken cancellationToken)
    {
        tracker.Phase = VerificationPhase.ComparingIndex;
        var check = new IndexCheck(store, manifests.Count > 0 ? manifests[^1] : null, unfinished, _notes);
        if (await check.FindAsync(cancellationToken) is not { } index)
            return null;
        if (!partsAreSound)
        {
            _notes.Remark("The index was not compared with the parts: correct the findings above first, then verify again.");
            return null;
        }

        bool isBehind = check.IsBehind(index.Catalog);
        if (isBehind && index.Catalog.RunId is null)
            return null;
        await new IndexComparison(store, index, _notes).CompareAsync(isBehind ? index.Catalog.RunId : null, cancellationToken);
        return index;
    }

    private async Task RebuildIndexAsync(CancellationToken cancellationToken)
    {
        if (_notes.Findings.FirstOrDefault(f => f.Path.StartsWith(CommittedRuns.Folder, StringComparison.Ordinal)) is { } damage)
            throw new StoreException(
                $"{damage.Path} of {store.Location} {damage.Problem}, so the index cannot be rebuilt from it. {damage.Action}");
        tracker.Phase = VerificationPhase.RebuildingIndex;
        StoredDocument? before = await store.ReadAsync(ArchiveIndex.CatalogPath, cancellationToken);
        HashSet<string> leaves = await store.ListAsync(StoreArea.State, ArchiveIndex.LeafFolder, cancellationToken)
            .Select(f => f.Path.Name[ArchiveIndex.LeafFolder.Length..]).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        IndexCatalog catalog = await new IndexRebuild(store).RebuildAsync(cancellationToken);
        bool same = before is not null && before.Content.Span.SequenceEqual(catalog.ToBytes().Span);
        int added = catalog.Leaves.Count(l => !leaves.Contains(l));
        int dropped = leaves.Count(l => !catalog.Leaves.Contains(l, StringComparer.Ordinal));
        string changes = same && added + dropped == 0
            ? "its catalog is the same as before, byte for byte."
            : string.Create(CultureInfo.InvariantCulture,
                $"the catalog {(before is null ? "was missing" : same ? "is unchanged" : "was replaced")}, "
                + $"{Quantity.Of(added, "leaf was", "leaves were")} added and {dropped:N0} deleted.");
        _notes.Remark($"The index was rebuilt from the parts, {Quantity.Of(catalog.Conversations.Count, "conversation")} "
            + $"in {Quantity.Of(catalog.Leaves.Count, "leaf", "leaves")}: {changes}");
    }

    private void Remark(string run, IReadOnlyList<StoredManifest> manifests) => _notes.Remark(manifests.Any(m => m.RunId == run)
        ? $"Run {run} is committed, but its publication is not finished: the next run finishes it."
        : $"Run {run} is unfinished; the next run continues it.");

    private void KeepOnly(StoredManifest manifest)
    {
        HashSet<string> paths = [manifest.Path, .. manifest.Manifest?.Files.Select(f => f.Path) ?? []];
        _notes.KeepOnly(f => paths.Contains(f.Path));
    }
}
