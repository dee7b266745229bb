using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Claims;

namespace KapsoArchive.Core.Runs;

/// <summary>Closes an archive run whose publication began and cannot be completed. It creates the run's manifest without files, so that a
/// delayed write of the run's own manifest fails, and readers ignore what is visible of the run.</summary>
internal sealed class RunClosing(IStore store, TimeProvider time, RunClaims claims)
{
    private static readonly (string Dataset, string Format)[] Published =
    [
        (Datasets.Messages.Name, "parquet"),
        (Layout.Names(PartFormat.Jsonl).Dataset, "jsonl"),
        (Datasets.Conversations.Name, "parquet"),
        (Datasets.Media.Name, "parquet"),
        (Datasets.Rejected, "jsonl"),
    ];

    /// <param name="head">The request; null if it is damaged or lost.</param>
    /// <param name="commit">What the run was to publish; null if it is damaged or lost.</param>
    /// <returns>The manifest that counts: this one, or the run's own if that came first. In that case the run is committed. Null if that
    /// one is damaged.</returns>
    public async Task<Manifest?> CloseAsync(string runId, JournalHead? head, JournalCommit? commit, CancellationToken cancellationToken)
    {
        var runs = new CommittedRuns(store);
        if (await runs.FindAsync(runId, cancellationToken) is not { } decides)
        {
            await CreateAsync(CommittedRuns.PathOf(runId, RunKind.Archive), runId, head, commit, cancellationToken);
            decides = await runs.FindAsync(runId, cancellationToken);
        }

        if (decides?.Manifest is { Status: Manifest.Closed } closing)
            await MoveIndexAsync(closing, cancellationToken);
        return decides?.Manifest;
    }

    private async Task CreateAsync(
        StorePath path, string runId, JournalHead? head, JournalCommit? commit, CancellationToken cancellationToken)
    {
        ManifestPrevious? previous = (await new LatestSnapshot(store).FindAsync(cancellationToken)).Previous;
        try
        {
            Manifest? planned = commit?.ToManifest();
            Manifest closing = Closing(runId, head, planned) with
            {
                Previous = previous,
                Abandoned = planned?.Files ?? await VisibleAsync(runId, cancellationToken),
            };
            await StoreDocuments.CreateAsync(store, path, closing.ToJson(), cancellationToken);
        }
        catch (StoreConflictException)
        {
            // The run's own manifest was delayed, and came first.
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
            TableFormat = Manifest.Delta,
        };
    }

    /// <summary>What is visible of the run, if its list of files is lost.</summary>
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
                    visible.Add(
                        new ManifestFile(
                            file.Path.Name, dataset, format, Rows: 0, file.Length, hash, MinCreatedAt: null, MaxCreatedAt: null));
                }
            }
        }

        return visible;
    }

    /// <summary>Moves the index to the run that the next one follows. Its content stays the same.</summary>
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
                Check = claims.CheckAsync,
                Visits = [],
                Changes = AsyncEnumerable.Empty<ConversationChanges>(),
            };
            await ArchiveIndex.CommitAsync(store, nothing, cancellationToken);
        }
        catch (IndexDamagedException)
        {
            // The next run rebuilds it from the parts.
        }
    }
}
