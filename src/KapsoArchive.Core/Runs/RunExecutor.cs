using System.Threading.Channels;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Runs;

/// <summary>Carries out one run, from the list of conversations to the published manifest.</summary>
public sealed class RunExecutor(
    KapsoClient client, SourceCounters counters, RateBudget budget, IStore store, IOptions<KapsoOptions> kapso, IOptions<ArchiveOptions> archive, TimeProvider time, RunLimits limits)
{
    /// <summary>Conversations that fail in a row before the run gives up: one for each request in flight by default, and each has been retried for half a minute by then.</summary>
    private const int OutageThreshold = 8;

    /// <summary>
    /// Reads the conversations and publishes their messages. A conversation that cannot be read does not end the run; the manifest names it.
    /// </summary>
    /// <param name="request">What to read, and in which formats to write it.</param>
    /// <param name="tracker">Told how far the run is and, where it fails, what it left staged.</param>
    /// <param name="cancellationToken">Stops the run, up to its publication.</param>
    /// <exception cref="SettingException">The store cannot be written. Nothing was asked of the source.</exception>
    /// <exception cref="KeyRefusedException">The source refused the key. Nothing is visible.</exception>
    /// <exception cref="SourceUnavailableException">The source gave no list of conversations, or conversation after conversation failed. Nothing is visible.</exception>
    /// <exception cref="StoreException">The store failed. Nothing is visible.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before publication began. Nothing is visible.</exception>
    public async Task<Manifest> ExecuteAsync(RunRequest request, RunTracker tracker, CancellationToken cancellationToken)
    {
        await PrepareStoreAsync(cancellationToken);
        var publication = new Publication(store);
        ManifestPrevious? previous = await publication.PreviousAsync(cancellationToken);
        DateTimeOffset startedAt = time.GetUtcNow();
        var run = new RunStamp(Layout.NewRunId(startedAt, previous?.RunId), startedAt);
        tracker.RunId = run.RunId;
        tracker.Begin(counters, budget);

        var files = new RunFiles(store, run);
        try
        {
            RunCounts counts = await StageAsync(request, run, files, tracker, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();

            tracker.Phase = RunPhase.Publishing;
            Manifest manifest = counts.ToManifest(request, run, kapso.Value.BaseUrl, tracker, time.GetUtcNow(), files.All, previous);
            await publication.CommitAsync(manifest, files.All);
            await DiscardAsync(run, files); // Empty by now.
            return manifest;
        }
        catch (Exception)
        {
            tracker.Leftovers = await DiscardAsync(run, files);
            throw;
        }
    }

    private async Task PrepareStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.PrepareAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            throw new SettingException($"The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be used: {e.Message}", e);
        }
    }

    /// <returns>What is left staged, in words; null where nothing is.</returns>
    private async Task<string?> DiscardAsync(RunStamp run, RunFiles files)
    {
        try
        {
            bool discarded = await store.DiscardStageAsync(run.RunId, CancellationToken.None);
            return discarded || files.Staged == 0 ? null
                : $"{files.Staged} staged files of run {run.RunId} stay in {store.Location}, invisible, until the store drops them (within a week).";
        }
        catch (StoreException e)
        {
            return $"{files.Staged} staged files of run {run.RunId} stay in {store.Location}, invisible: {e.Message}";
        }
    }

    private async Task<RunCounts> StageAsync(RunRequest request, RunStamp run, RunFiles files, RunTracker tracker, CancellationToken cancellationToken)
    {
        await using var parts = new MessageParts(files, run, request.Formats, limits);
        await using var rejected = new RejectedFile(files, run);
        IReadOnlyList<ConversationSummary> conversations = await ListAsync(request, rejected, tracker, cancellationToken);

        tracker.Phase = RunPhase.Reading;
        tracker.SetConversations(conversations.Count);
        IReadOnlyCollection<ConversationRow> rows = await ReadAsync(conversations, run, parts, rejected, tracker, cancellationToken);

        await parts.CompleteAsync(cancellationToken);
        await rejected.CompleteAsync(cancellationToken);
        await using StagingStream stream = await files.StageAsync(Layout.Conversations(run), cancellationToken);
        await ConversationsWriter.WriteAsync(stream, run, rows, cancellationToken);
        await files.CompleteAsync(stream, Datasets.Conversations.Name, "parquet", rows.Count, null, null, cancellationToken);
        return new RunCounts(rows, rejected.Count);
    }

    /// <summary>The conversations to read, in the order of their ids, so that neighbours in a part are neighbours in the sort order.</summary>
    private async Task<IReadOnlyList<ConversationSummary>> ListAsync(RunRequest request, RejectedFile rejected, RunTracker tracker, CancellationToken cancellationToken)
    {
        IEnumerable<ConversationSummary> found;
        if (request.Conversations.Ids is { } ids)
        {
            found = ids.Select(id => new ConversationSummary(id, null, null, null, null));
        }
        else
        {
            tracker.Phase = RunPhase.Discovering;
            (found, IReadOnlyList<RejectedRecord> records) = await DiscoverAsync(cancellationToken);
            await rejected.AddAsync(records, cancellationToken);
        }

        return [.. found.OrderBy(c => c.Id, StringComparer.Ordinal)];
    }

    private async Task<(IReadOnlyCollection<ConversationSummary> Conversations, IReadOnlyList<RejectedRecord> Rejected)> DiscoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new ConversationDiscovery(client).FindAllAsync(cancellationToken);
        }
        catch (KapsoException e) when (e is not KeyRefusedException)
        {
            throw new SourceUnavailableException($"The list of conversations could not be read: {e.Message} Run again when Kapso answers, or list the conversations by id.", e);
        }
    }

    /// <summary>Several conversations at once on one side, one writer on the other, and a few pages between them. Whichever fails stops the other.</summary>
    private async Task<IReadOnlyCollection<ConversationRow>> ReadAsync(
        IReadOnlyList<ConversationSummary> conversations, RunStamp run, MessageParts parts, RejectedFile rejected, RunTracker tracker, CancellationToken cancellationToken)
    {
        int concurrency = kapso.Value.MaxConcurrency;
        Channel<RowBatch> pages = Channel.CreateBounded<RowBatch>(new BoundedChannelOptions(concurrency) { SingleReader = true });
        using var gate = new RequestGate(concurrency);
        var outage = new OutageDetector(OutageThreshold);
        var reader = new ConversationReader(client, run, pages.Writer, tracker, gate, outage, archive.Value.MaxSweeps);
        List<ConversationRow> rows = new(conversations.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        async Task ReadConversationsAsync()
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(conversations, options, async (conversation, token) =>
            {
                ConversationRow row = await reader.ReadAsync(conversation, token);
                lock (rows)
                    rows.Add(row);
                tracker.ConversationDone(row.Outcome is ConversationOutcome.Complete or ConversationOutcome.Gone);
            });
            pages.Writer.Complete();
        }

        async Task WritePagesAsync()
        {
            await foreach (RowBatch page in pages.Reader.ReadAllAsync(stop.Token))
            {
                await parts.AddAsync(page.Rows, stop.Token);
                await rejected.AddAsync(page.Rejected, stop.Token);
            }
        }

        async Task StoppingTheOther(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception)
            {
                await stop.CancelAsync();
                throw;
            }
        }

        await Task.WhenAll(StoppingTheOther(ReadConversationsAsync), StoppingTheOther(WritePagesAsync));
        outage.ThrowIfNothingWasRead();
        return rows;
    }
}
