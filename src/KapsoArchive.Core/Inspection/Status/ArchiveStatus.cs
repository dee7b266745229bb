using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>Reports the state of an archive and its runs. Read-only: it takes no lock and does not disturb a run.</summary>
public sealed class ArchiveStatus(IStore store, TimeProvider time)
{
    private readonly ProgressDocuments _records = new(store);
    private readonly CommittedRuns _runs = new(store);

    /// <param name="most">Maximum number of runs, newest first; null for all.</param>
    /// <exception cref="SettingException">The archive does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<StatusReport> ReadAsync(int? most, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await IdsAsync(cancellationToken);
        LockHolder? holder = await store.ReadLockAsync(ArchiveLock.Path, cancellationToken);
        List<RunSummary> runs = [];
        foreach (string id in ids.Take(most ?? int.MaxValue))
            runs.Add(await ReadAsync(id, holder, cancellationToken));
        NewestRun newest = await new LatestSnapshot(store).FindAsync(cancellationToken);
        return new StatusReport(holder, newest.Pointer, runs, ids.Count, time.GetUtcNow())
        {
            Night = await new Nights(store).NewestAsync(cancellationToken) is { } night
                ? runs.FirstOrDefault(r => r.RunId == night) ?? await ReadAsync(night, holder, cancellationToken)
                : null,
            Damages =
            [
                .. await DamagesAsync(newest, holder, cancellationToken),
                .. await KnownDamageAsync(cancellationToken) is { } known ? new[] { known } : [],
            ],
            Exports = await new CommittedRuns(store, RunKind.Export).ListAsync(cancellationToken).CountAsync(cancellationToken),
            WaitingFiles = runs.FirstOrDefault(r => r.RunId == newest.RunId)?.Manifest?.Totals.Media?.Due,
            Totals = await ConversationDirectory.TotalsAsync(store, newest.RunId, cancellationToken),
        };
    }

    /// <summary>Lists the runs, newest first.</summary>
    /// <param name="before">Only runs older than this id; null to start at the newest.</param>
    /// <param name="most">Maximum number of runs.</param>
    /// <returns>The runs, and whether older ones exist.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<(IReadOnlyList<RunSummary> Runs, bool HasMore)> ListAsync(
        string? before, int most, CancellationToken cancellationToken)
    {
        string[] ids = [.. (await AllIdsAsync(cancellationToken)).Where(id => before is null || string.CompareOrdinal(id, before) < 0)];
        LockHolder? holder = await store.ReadLockAsync(ArchiveLock.Path, cancellationToken);
        List<RunSummary> runs = [];
        foreach (string id in ids.Take(most))
            runs.Add(await ReadAsync(id, holder, cancellationToken));
        return (runs, ids.Length > most);
    }

    /// <summary>Finds one run by its full id; null if it does not exist.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<RunSummary?> TryFindAsync(string runId, CancellationToken cancellationToken)
    {
        RunSummary run = await ReadAsync(runId, await store.ReadLockAsync(ArchiveLock.Path, cancellationToken), cancellationToken);
        return run is { Record: null, Manifest: null, Damage: null } ? null : run;
    }

    /// <summary>The newest committed run's manifest, byte for byte, with its SHA-256; null before the first run. It may be newer than the
    /// target of latest.json, which is written shortly after the commit.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<(string Sha256, ReadOnlyMemory<byte> Manifest)?> LatestManifestAsync(CancellationToken cancellationToken) =>
        (await new LatestSnapshot(store).FindAsync(cancellationToken)).RunId is { } latest
        && await store.ReadAsync(new StorePath(StoreArea.Data, Layout.Manifest(latest)), cancellationToken) is { } manifest
            ? (Convert.ToHexStringLower(SHA256.HashData(manifest.Content.Span)), manifest.Content)
            : null;

    /// <summary>The newest committed run's manifest; null before the first run.</summary>
    /// <exception cref="StoreException">It is damaged, or the store cannot be read.</exception>
    public async Task<Manifest?> LatestAsync(CancellationToken cancellationToken) => (await NewestAsync(cancellationToken))?.Manifest;

    /// <summary>The same with the manifest's SHA-256.</summary>
    /// <inheritdoc cref="LatestAsync"/>
    public async Task<(Manifest Manifest, string Sha256)?> NewestAsync(CancellationToken cancellationToken) =>
        (await new LatestSnapshot(store).FindAsync(cancellationToken)).RunId is { } latest
        && await _runs.FindAsync(latest, cancellationToken) is { } stored
            ? (stored.Manifest ?? throw new StoreException("The newest manifest is damaged. See `kapso-archive verify`."), stored.Sha256)
            : null;

    /// <param name="typed">The run's id or a unique prefix of it.</param>
    /// <exception cref="SettingException">The archive or the run does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<RunSummary> FindAsync(string typed, CancellationToken cancellationToken)
    {
        string id = RunId.Choose(typed, await IdsAsync(cancellationToken), store.Location);
        return await ReadAsync(id, await store.ReadLockAsync(ArchiveLock.Path, cancellationToken), cancellationToken);
    }

    /// <summary>All runs that have a record or a manifest, newest first.</summary>
    private async Task<IReadOnlyList<string>> IdsAsync(CancellationToken cancellationToken)
    {
        bool isThere = await ArchivePresence.IsThereAsync(store, cancellationToken);
        IReadOnlyList<string> ids = await AllIdsAsync(cancellationToken);
        return isThere || ids.Count > 0 ? ids : throw ArchivePresence.None(store, "");
    }

    private async Task<IReadOnlyList<string>> AllIdsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> recorded = await _records.ListAsync(cancellationToken);
        List<string> committed = await _runs.ListAsync(cancellationToken).Select(r => r.RunId).ToListAsync(cancellationToken);
        return [.. recorded.Union(committed).OrderDescending(StringComparer.Ordinal)];
    }

    private async Task<RunSummary> ReadAsync(string id, LockHolder? holder, CancellationToken cancellationToken)
    {
        string? damage = null;
        ProgressDocument? record = null;
        try
        {
            record = await _records.ReadAsync(id, cancellationToken);
        }
        catch (StoreException e) when (e is RefusedFileException || e.InnerException is JsonException)
        {
            damage = e.Message;
        }

        StoredManifest? manifest = await _runs.FindAsync(id, cancellationToken);
        if (manifest?.Problem is { } problem)
            damage = $"{manifest.Path} {problem}. See `kapso-archive verify`.";
        return new RunSummary(
            id, record, manifest?.Manifest, holder is not (null or { Purpose: ArchiveLock.Verification }), damage);
    }

    /// <summary>The damage that verifications found, in a sentence; null without damage.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<string?> KnownDamageAsync(CancellationToken cancellationToken) =>
        (await VerificationRecord.ReadAsync(store, cancellationToken))?.Sentence;

    /// <summary>A run between its manifest and <c>latest.json</c> does not count as damage.</summary>
    private async Task<IReadOnlyList<string>> DamagesAsync(NewestRun newest, LockHolder? holder, CancellationToken cancellationToken) =>
        holder is not null || (await RunJournal.UnfinishedAsync(store, RunKind.Archive, cancellationToken)).Contains(newest.RunId)
            ? newest.DamagesDuringRun
            : newest.Damages;
}
