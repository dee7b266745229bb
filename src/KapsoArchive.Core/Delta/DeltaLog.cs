namespace KapsoArchive.Core.Delta;

/// <summary>The log of one table. Each manifest has one commit, in the order of the runs, also if its run added no part. Nothing in the log
/// is ever replaced.</summary>
internal sealed class DeltaLog(IStore store, DeltaTable table)
{
    private const int ReadAtOnce = 16;

    private readonly CommittedRuns _runs = new(store);
    private readonly DeltaCommits _commits = new(table, store);

    /// <summary>Writes the commits of all committed runs that have none. Safe to repeat, and for several writers at once: what a version
    /// says follows from the version before it.</summary>
    /// <exception cref="DamagedFileException">A manifest or a file of the log is damaged. The log ends before it.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task AppendAsync(CancellationToken cancellationToken)
    {
        DeltaLogNames names = await DeltaLogNames.ListAsync(store, table, cancellationToken);
        long next = names.FirstMissing;
        string? last = next == 0 ? null : RunOf(await ReadAsync(next - 1, cancellationToken), next - 1);
        DeltaMetaData? first = next == 0 ? null : await FirstAsync(cancellationToken);
        int? schemaBefore = last is null ? null : await SchemaOfAsync(last, next - 1, cancellationToken);

        await foreach ((Manifest manifest, IReadOnlyList<DeltaAdd> adds) in _runs.SelectAsync(
            async run => (run.Manifest, await _commits.AddsOfAsync(run, cancellationToken)), cancellationToken, after: last))
        {
            IReadOnlyList<DeltaAction> actions = _commits.Of(manifest, adds, next, first, schemaBefore);
            if (!names.Commits.Contains(next))
                await CreateAsync(next, actions, cancellationToken);
            else if (RunOf(await ReadAsync(next, cancellationToken), next) is var found && found != manifest.RunId)
                throw Damage(next, $"is the commit of run {found}, but that of run {manifest.RunId} belongs there");
            first ??= actions.Select(a => a.MetaData).First(m => m is not null);
            schemaBefore = manifest.SchemaVersion;
            next++;
        }

        await AddCheckpointsAsync(names, next - 1, cancellationToken);
    }

    /// <summary>A commit.</summary>
    /// <exception cref="DamagedFileException">It is missing or damaged.</exception>
    /// <param name="strictly">See <see cref="DeltaAction.FromBytes"/>.</param>
    public async Task<IReadOnlyList<DeltaAction>> ReadAsync(long version, CancellationToken cancellationToken, bool strictly = false)
    {
        try
        {
            return await store.ReadAsync(DeltaLogNames.CommitOf(table, version), cancellationToken) is { } document
                ? DeltaAction.FromBytes(document.Content.Span, strictly)
                : throw Damage(version, "is missing");
        }
        catch (JsonException e)
        {
            throw Damage(version, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
        catch (RefusedFileException e)
        {
            throw Damage(version, e.Problem);
        }
    }

    /// <summary>The run of a commit; null if it names none.</summary>
    public static string? RunIn(IReadOnlyList<DeltaAction> commit) => commit.Count > 0 ? commit[0].CommitInfo?.UserMetadata : null;

    /// <summary>The run of a commit. What follows depends on it, so a commit in the place of another is not believed.</summary>
    private string RunOf(IReadOnlyList<DeltaAction> commit, long version) =>
        RunIn(commit) is not { Length: > 0 } run ? throw Damage(version, "does not name its run")
        : commit.Any(a => a.Txn?.Version == version) ? run
        : throw Damage(version, "is the commit of another version");

    private async Task<int?> SchemaOfAsync(string run, long version, CancellationToken cancellationToken) =>
        await _runs.FindAsync(run, cancellationToken) is { } stored
            ? stored.Manifest?.SchemaVersion
            : throw Damage(version, $"is the commit of run {run}, which has no manifest");

    private async Task<DeltaMetaData> FirstAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(0, cancellationToken)).Select(a => a.MetaData).FirstOrDefault(m => m is not null)
        ?? throw Damage(0, "has no metadata of the table");

    private async Task CreateAsync(long version, IReadOnlyList<DeltaAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await StoreDocuments.CreateAsync(
                store, DeltaLogNames.CommitOf(table, version), DeltaAction.ToBytes(actions), cancellationToken);
        }
        catch (StoreConflictException) // Another writer, perhaps another version of the program, came first.
        {
            if (RunIn(await ReadAsync(version, cancellationToken)) != RunIn(actions))
                throw;
        }
    }

    private async Task AddCheckpointsAsync(DeltaLogNames names, long last, CancellationToken cancellationToken)
    {
        long[] missing = [.. Versions(last).Where(v => !names.Checkpoints.Contains(v))];
        if (missing.Length == 0)
            return;
        var commits = new IReadOnlyList<DeltaAction>[missing[^1] + 1];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, commits.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellationToken },
            async (version, token) => commits[version] = await ReadAsync(version, token));
        foreach (long version in missing)
        {
            byte[] bytes = await DeltaCheckpoint.ToBytesAsync(
                DeltaCheckpoint.Of(commits.Take((int)version + 1).SelectMany(c => c)), cancellationToken);
            try
            {
                await store.CreateAsync(DeltaLogNames.CheckpointOf(table, version), bytes, cancellationToken);
            }
            catch (StoreConflictException)
            {
                // Another writer came first. What it wrote says the same.
            }
        }
    }

    /// <summary>The versions up to one that have a checkpoint.</summary>
    public static IEnumerable<long> Versions(long last)
    {
        for (long version = DeltaCheckpoint.Interval; version <= last; version += DeltaCheckpoint.Interval)
            yield return version;
    }

    private DamagedFileException Damage(long version, string problem) =>
        new(DeltaLogNames.CommitOf(table, version).Name, store.LocationOf(StoreArea.Data), [problem]);
}
