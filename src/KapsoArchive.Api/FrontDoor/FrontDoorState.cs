using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>Reads the newest snapshot, runs and exports for the start page.</summary>
internal sealed class FrontDoorState(ArchiveStatus status, ExportDesk desk, IStore store, TimeProvider time)
{
    private const int MostItems = 10;

    private Tuple<string, ArchiveTotals>? _known;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<(DateTimeOffset Now, Manifest? Latest, ArchiveTotals? Archived, string? Damage,
        IReadOnlyList<FrontDoorItem> Items)> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Manifest? latest = await status.LatestAsync(cancellationToken);
        (IReadOnlyList<RunSummary> runs, _) = await status.ListAsync(before: null, MostItems, cancellationToken);
        (IReadOnlyList<ProgressDocument> exports, _) = await desk.ListAsync(before: null, MostItems, cancellationToken);
        List<FrontDoorItem> items = [.. runs.Select(run => new FrontDoorItem(StatusDocuments.ItemOf(run, now), null)),
            .. exports.Select(export => new FrontDoorItem(StatusDocuments.ItemOf(export, now), null))];
        items = [.. items.OrderByDescending(i => i.Status.CreatedAt).ThenByDescending(i => i.Status.Id, StringComparer.Ordinal)
            .Take(MostItems)];
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i] is
                { IsExport: true, Status: { Status: nameof(RunStatus.Succeeded) or nameof(RunStatus.PartiallySucceeded), Id: var id } })
                items[i] = items[i] with { Files = (await ManifestAsync(id, cancellationToken))?.Files };
        }

        string? damage = await status.KnownDamageAsync(cancellationToken);
        return (now, latest, await TotalsAsync(latest?.RunId, cancellationToken), damage, items);
    }

    /// <summary>Read once for each run, because the page asks every few seconds, and 100,000 conversations are 7 MB.</summary>
    private async Task<ArchiveTotals?> TotalsAsync(string? runId, CancellationToken cancellationToken)
    {
        if (_known is { } known && known.Item1 == runId)
            return known.Item2;
        ArchiveTotals? totals = await ConversationDirectory.TotalsAsync(store, runId, cancellationToken);
        if (totals is not null)
            _known = Tuple.Create(runId!, totals);
        return totals;
    }

    /// <summary>If a manifest is damaged, its files are not listed, but everything else is shown.</summary>
    private async Task<Manifest?> ManifestAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.ManifestAsync(id, cancellationToken);
        }
        catch (StoreException e) when (e.InnerException is InvalidDataException)
        {
            return null;
        }
    }
}
