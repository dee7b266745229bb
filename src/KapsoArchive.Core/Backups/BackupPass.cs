using System.Collections.Concurrent;
using KapsoArchive.Core.Delta;
using KapsoArchive.Core.Inspection.Verification;

namespace KapsoArchive.Core.Backups;

/// <summary>One backup under the lock of the copy. Run by run, oldest first: its files, then its manifest; then the Delta logs,
/// <c>latest.json</c>, the index and the rest of the state. A copy that is broken off is an older archive.</summary>
internal sealed class BackupPass(IStore source, IStore target, BackupTracker tracker, TimeProvider time)
{
    private const string Stage = "backup";
    private const int CopiedAtOnce = 8;
    private const int BufferLength = 1024 * 1024;

    /// <summary>Maximum number of times the state is read because a run replaced the index meanwhile.</summary>
    private const int MaxLooks = 5;

    private readonly ConcurrentQueue<Finding> _findings = [];

    /// <summary>The files of the copy's data area, with their lengths.</summary>
    private readonly ConcurrentDictionary<string, long> _present = new(StringComparer.Ordinal);

    /// <exception cref="SettingException">The target is not a copy of this archive.</exception>
    public async Task<BackupReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        CopyMark? before = await CopyMark.ReadAsync(target, cancellationToken);
        string of = (await CopyMark.ReadAsync(source, cancellationToken))?.Of ?? source.Location;
        await foreach (StoredFile file in target.ListAsync(StoreArea.Data, "", cancellationToken))
            _present[file.Path.Name] = file.Length;

        (StateSnapshot state, List<StoredFile> listed, bool hasLeaves) = (null!, [], false);
        for (int look = 1; look <= MaxLooks && !hasLeaves; look++)
        {
            state = await StateSnapshot.ReadAsync(source, cancellationToken);
            listed = await source.ListAsync(StoreArea.Data, CommittedRuns.Folder, cancellationToken)
                .Where(f => CommittedRuns.IdOf(f.Path) is not null).ToListAsync(cancellationToken);
            if (look == 1)
            {
                CheckTarget(before, of, listed);
                await (before is null ? new CopyMark(of, null, time.GetUtcNow(), true) : before with { Of = of, IsUnderWay = true })
                    .WriteAsync(target, cancellationToken);
            }

            hasLeaves = await state.CopyLeavesAsync(source, target, cancellationToken);
        }

        IReadOnlyList<StoredManifest> manifests = await MomentAsync(state, listed, cancellationToken);
        await target.DiscardStageAsync(Stage, cancellationToken);
        await CopyRunsAsync(manifests, cancellationToken);
        await target.DiscardStageAsync(Stage, cancellationToken);
        await FinishAsync(state, hasLeaves, manifests, cancellationToken);
        StoredManifest last = manifests[^1];
        await new CopyMark(of, last.RunId, time.GetUtcNow(), IsUnderWay: false).WriteAsync(target, cancellationToken);

        ManifestFile[] files =
            [.. manifests.SelectMany(m => m.Manifest?.Files ?? []).DistinctBy(f => f.Path).Where(f => _present.ContainsKey(f.Path))];
        return new BackupReport(
            source.Location, target.Location, last.RunId, last.Manifest?.FinishedAt,
            new BackupCounts(tracker.Runs, tracker.Files, tracker.Bytes),
            new BackupCounts(manifests.Count(m => _present.ContainsKey(m.Path)), files.Length, files.Sum(f => f.Bytes)), [.. _findings]);
    }

    private void CheckTarget(CopyMark? mark, string of, IReadOnlyList<StoredFile> listed)
    {
        Dictionary<string, long> ours = listed.ToDictionary(f => f.Path.Name, f => f.Length, StringComparer.Ordinal);
        string[] theirs =
            [.. _present.Keys.Where(n => n.StartsWith(CommittedRuns.Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        if (theirs.FirstOrDefault(n => !ours.TryGetValue(n, out long length) || length != _present[n]) is { } other)
        {
            throw new SettingException(
                $"--to: {target.Location} has {other}, and the archive at {source.Location} "
                    + $"{(ours.ContainsKey(other) ? "has another file there" : "has no such run")}: the copy was continued, the archive "
                    + "was restored from an older copy, or the two have nothing in common. Give an empty place, and keep both.");
        }

        if (mark is null && !_present.IsEmpty)
        {
            throw new SettingException(
                $"--to: {target.Location} is not empty, and not a copy that `backup` made. Give an empty place.");
        }

        if (mark is not null && theirs.Length == 0 && !ArchivePlace.AreSame(mark.Of, of))
            throw new SettingException($"--to: {target.Location} is the beginning of a copy of {mark.Of}. Give an empty place.");
    }

    /// <summary>The manifests that the copy is to have: up to the run that the index belongs to. The rest of a later run is being written,
    /// and the next backup copies it.</summary>
    private async Task<IReadOnlyList<StoredManifest>> MomentAsync(
        StateSnapshot state, IReadOnlyList<StoredFile> listed, CancellationToken cancellationToken)
    {
        string[] ids = [.. listed.Select(f => CommittedRuns.IdOf(f.Path)!)];
        string? upTo = Array.FindLast(ids, id => id == state.Catalog?.RunId || _present.ContainsKey(Layout.Manifest(id)));
        if (!ids.Contains(state.Catalog?.RunId))
            upTo = ids[^1];
        return await new CommittedRuns(source).ReadAllAsync(upTo, cancellationToken).ToListAsync(cancellationToken);
    }

    private async Task CopyRunsAsync(IReadOnlyList<StoredManifest> manifests, CancellationToken cancellationToken)
    {
        AcceptedLinks accepted = await AcceptedLinks.ReadAsync(source, cancellationToken);
        for (int i = 0; i < manifests.Count; i++)
        {
            StoredManifest stored = manifests[i];
            StoredManifest? next = i + 1 < manifests.Count ? manifests[i + 1] : null;
            bool wasChanged = next?.Manifest?.Previous is { } previous && previous.RunId == stored.RunId
                && previous.ManifestSha256 != stored.Sha256 && accepted.Find(next, stored) is null;
            if ((wasChanged ? "was changed after it was committed" : stored.WhatIsWrong) is { } problem)
                Find(stored.Path, problem, Remedy.RestoreManifest);
            else
                await CopyAsync(stored, cancellationToken);
        }
    }

    private async Task CopyAsync(StoredManifest stored, CancellationToken cancellationToken)
    {
        ManifestFile[] lacking = [.. stored.Manifest!.Files.DistinctBy(f => f.Path).Where(f => IsLacking(f, stored))];
        ConcurrentQueue<StagedFile> staged = [];
        await Parallel.ForEachAsync(
            lacking,
            new ParallelOptions { MaxDegreeOfParallelism = CopiedAtOnce, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                if (await StageAsync(file, stored, token) is { } copy)
                    staged.Enqueue(copy);
            });
        foreach (StagedFile file in staged)
        {
            await target.RevealAsync(file, cancellationToken);
            _present[file.Path.Name] = file.Length;
            tracker.FileDone(file.Length);
        }

        if (_present.ContainsKey(stored.Path))
            return;
        var path = new StorePath(StoreArea.Data, stored.Path);
        StoredDocument manifest = await source.ReadAsync(path, cancellationToken)
            ?? throw new StoreException($"{path.Name} of {source.Location} was listed, but no longer exists.");
        await StoreDocuments.CreateAsync(target, path, manifest.Content, cancellationToken);
        _present[stored.Path] = manifest.Content.Length;
        tracker.RunDone();
    }

    private bool IsLacking(ManifestFile file, StoredManifest stored)
    {
        if (!_present.TryGetValue(file.Path, out long length))
            return true;
        if (length != file.Bytes)
        {
            Find(file.Path, string.Create(CultureInfo.InvariantCulture,
                $"is {length:N0} bytes long in the copy, but {stored.Path} says {file.Bytes:N0}"),
                $"Move it away from {target.Location}, and back up again.");
        }

        return false;
    }

    /// <returns>The copy, still invisible; null if the file is damaged.</returns>
    private async Task<StagedFile?> StageAsync(ManifestFile file, StoredManifest stored, CancellationToken cancellationToken)
    {
        try
        {
            StorePath? path = StorePath.TryCreate(StoreArea.Data, file.Path);
            await using Stream? content = path is null ? null : await source.OpenReadAsync(path, cancellationToken);
            if (content is null)
                throw new InvalidDataException($"is missing, but {stored.Path} names it");
            await using StagingStream copy = await target.StageAsync(path!, Stage, cancellationToken);
            byte[] buffer = new byte[Math.Clamp(content.Length, 1, BufferLength)];
            while (await ReadAsync(content, buffer, cancellationToken) is > 0 and var read)
                await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            StagedFile staged = await copy.CompleteAsync(cancellationToken);
            return staged.Sha256 == file.Sha256
                ? staged
                : throw new InvalidDataException($"has the SHA-256 {staged.Sha256}, but {stored.Path} says {file.Sha256}");
        }
        catch (Exception e) when (e is InvalidDataException or RefusedFileException)
        {
            Find(file.Path, (e as RefusedFileException)?.Problem ?? e.Message, Remedy.Restore);
            return null;
        }
    }

    /// <summary>Reads of the source. Errors of its disk are damage, those of the copy's disk are not.</summary>
    private static async Task<int> ReadAsync(Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (StoreException e) when (e.InnerException is IOException)
        {
            throw new InvalidDataException($"cannot be read: {e.Message}", e);
        }
    }

    private async Task FinishAsync(
        StateSnapshot state, bool hasLeaves, IReadOnlyList<StoredManifest> manifests, CancellationToken cancellationToken)
    {
        StoredManifest[] held = [.. manifests.Where(m => m.WhatIsWrong is null && _present.ContainsKey(m.Path))];
        // The version of a table is the number of manifests before: a log is not written past one that is missing.
        if (held.Length == manifests.Count && await DeltaTables.AppendAsync(target, cancellationToken) is { } problem)
            Find("_delta_log", problem, "Restore what is named.");
        if (held.LastOrDefault(m => m.Manifest!.Status != Manifest.Closed) is { } newest)
        {
            await new LatestSnapshot(target).SwapAsync(
                new LatestPointer(newest.RunId, newest.Path, newest.Sha256, newest.Manifest!.FinishedAt), cancellationToken);
        }

        try
        {
            await state.WriteAsync(target, hasLeaves && state.Catalog?.RunId == manifests[^1].RunId, cancellationToken);
        }
        catch (StoreException e) when (!_findings.IsEmpty && e is not StoreConflictException)
        {
            Find("index/catalog", $"is not in the copy: {e.Message}", "Restore what is named, and back up again.");
        }

        await CopyNightsAsync(held.Select(m => Nights.Folder + m.RunId).ToHashSet(StringComparer.Ordinal), cancellationToken);
    }

    /// <summary>The markers of the nightly runs that the copy has.</summary>
    private async Task CopyNightsAsync(HashSet<string> held, CancellationToken cancellationToken)
    {
        HashSet<string> present = await target.ListAsync(StoreArea.State, Nights.Folder, cancellationToken)
            .Select(f => f.Path.Name).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        await foreach (StoredFile night in source.ListAsync(StoreArea.State, Nights.Folder, cancellationToken))
        {
            if (held.Contains(night.Path.Name) && !present.Contains(night.Path.Name)
                && await source.ReadAsync(night.Path, cancellationToken) is { } marker)
                await StoreDocuments.CreateAsync(target, night.Path, marker.Content, cancellationToken);
        }
    }

    private void Find(string path, string problem, string action) => _findings.Enqueue(new Finding(path, problem, action));
}
