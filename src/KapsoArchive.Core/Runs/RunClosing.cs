using System.Security.Cryptography;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>
/// Closes an archive run that was being published and cannot be: creates its manifest without files, so that one that is still on its way
/// cannot land, and no reader counts what is visible of the run.
/// </summary>
internal sealed class RunClosing(IStore store, TimeProvider time, RunClaims claims)
{
    private static readonly (string Dataset, string Format)[] Published =
    [
        (Datasets.Messages.Name, "parquet"),
        (Layout.Names(PartFormat.Jsonl).Dataset, "jsonl"),
        (Datasets.Conversations.Name, "parquet"),
        (Datasets.Rejected, "jsonl"),
    ];

    /// <param name="runId">The run.</param>
    /// <param name="head">What was asked for; null if that is damaged or lost.</param>
    /// <param name="commit">What it was to publish; null likewise.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The manifest that decides: this one, or the run's own if that was first. Then the run is committed. Null if that one is
    /// damaged.</returns>
    public async Task<Manifest?> CloseAsync(string runId, JournalHead? head, JournalCommit? commit, CancellationToken cancellationToken)
    {
        StorePath path = JournalHead.ManifestOf(new RunStamp(runId, default), RunKind.Archive);
        if (await StoredManifest.ReadAsync(store, runId, path, cancellationToken) is not { } decides)
        {
            await CreateAsync(path, runId, head, commit, cancellationToken);
            decides = await StoredManifest.ReadAsync(store, runId, path, cancellationToken);
        }

        if (decides?.Manifest is { Status: Manifest.Closed } closing)
            await MoveIndexAsync(closing, cancellationToken);
        return decides?.Manifest;
    }

    private async Task CreateAsync(StorePath path, string runId, JournalHead? head, JournalCommit? commit, CancellationToken cancellationToken)
    {
        ManifestPrevious? previous = (await new LatestSnapshot(store).FindAsync(cancellationToken)).Previous;
        try
        {
            Manifest? planned = commit is null ? null : Manifest.FromJson(commit.Manifest);
            Manifest closing = Closing(runId, head, planned) with
            {
                Previous = previous,
                Abandoned = planned?.Files ?? await VisibleAsync(runId, cancellationToken),
            };
            await StoreDocuments.CreateAsync(store, path, closing.ToJson(), cancellationToken);
        }
        catch (StoreConflictException)
        {
            // The run's own manifest was on its way, and came first.
        }
    }

    private Manifest Closing(string runId, JournalHead? head, Manifest? planned)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new Manifest
        {
            RunId = runId,
            Kind = "archive",
            Trigger = head?.Trigger ?? planned?.Trigger ?? "unknown",
            Status = Manifest.Closed,
            StartedAt = head?.StartedAt ?? planned?.StartedAt ?? now,
            FinishedAt = now,
            Source = planned?.Source ?? new ManifestSource("unknown", "unknown"),
            Request = planned?.Request ?? new ManifestRequest("listed", [], Full: false, ActiveSince: null, WholeList: false),
            Totals = new ManifestTotals(
                new ConversationTotals(0, 0, 0, 0), new RowTotals(0, 0, 0, 0), new SweepTotals(0, 0, 0, 0),
                planned?.Totals.Requests ?? 0, planned?.Totals.Retries ?? 0, planned?.Totals.Throttled ?? 0, Bytes: 0),
            Files = [],
            Incomplete = [],
        };
    }

    /// <summary>What is visible of the run, if nothing tells any more what it was to publish.</summary>
    private async Task<IReadOnlyList<ManifestFile>> VisibleAsync(string runId, CancellationToken cancellationToken)
    {
        List<ManifestFile> visible = [];
        foreach ((string dataset, string format) in Published)
        {
            await foreach (StoredFile file in store.ListAsync(StoreArea.Data, $"{dataset}/", cancellationToken))
            {
                if (!file.Path.Name.Contains($"/{runId}", StringComparison.Ordinal))
                    continue;
                if (await store.OpenReadAsync(file.Path, cancellationToken) is not { } content)
                    continue;
                await using (content)
                {
                    string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
                    visible.Add(new ManifestFile(file.Path.Name, dataset, format, Rows: 0, file.Length, hash, MinCreatedAt: null, MaxCreatedAt: null));
                }
            }
        }

        return visible;
    }

    /// <summary>To the run that the next one follows: the index holds what it held.</summary>
    private async Task MoveIndexAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            int fingerprints = (await ArchiveIndex.ReadAsync(store, cancellationToken)).Catalog.Form.Fingerprints;
            IndexUpdate nothing = new()
            {
                RunId = manifest.RunId,
                PreviousRunId = manifest.Previous?.RunId,
                Fingerprints = fingerprints,
                Check = token => claims.CheckAsync(manifest.RunId, token),
                Visits = [],
                Changes = AsyncEnumerable.Empty<ConversationChanges>(),
            };
            await ArchiveIndex.CommitAsync(store, nothing, cancellationToken);
        }
        catch (IndexDamagedException)
        {
            // The next run makes it anew from the parts.
        }
    }
}
