using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Runs.Documents;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs;

/// <summary>Creates what a run still lacks after reading: the conversations dataset, the rejected records, the manifest. Then records in
/// the journal that the run can be published.</summary>
internal sealed class RunCompletion(
    ProjectArchive archive, RunJournal journal, RunClaim claim, RunState state, RunClock clock, RunTracker tracker)
{
    /// <param name="interruption">Stops the creation of pages, which may take a while. Nothing is lost: they are created again.</param>
    /// <param name="cancellationToken">Stops everything.</param>
    public async Task<JournalCommit> StageAsync(CancellationToken interruption, CancellationToken cancellationToken)
    {
        RunStamp run = state.Run;
        var files = new RunFiles(archive.Store, state.Head);
        long rejected = await StageRejectedAsync(files, cancellationToken);
        if (!state.Files.Any())
            await StageEmptyPartsAsync(files, cancellationToken);
        await using (StagingStream stream = await files.StageAsync(files.Layout.Conversations, cancellationToken))
        {
            await ConversationsWriter.WriteSortedAsync(stream, run, state.DoneAsUtf8.Select(v => v.Row), cancellationToken);
            await files.CompleteAsync(stream, Datasets.Conversations.Name, "parquet", state.Sums.Done, null, null, cancellationToken);
        }

        if (state.Head.HasPages)
        {
            await claim.PublishAsync(cancellationToken); // The parts from which pages are made become visible before the others.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, cancellationToken);
            await new ConversationDocuments(archive.Store, files, state, archive.Kapso.BaseUrl).StageAsync(stop.Token);
        }

        RunFile[] all = [.. state.Files, .. files.Take()];
        Manifest manifest = new RunCounts(state.Head, state.Plan!, state.Done, rejected) { Values = state.Values }.ToManifest(
            archive.Kapso.BaseUrl, tracker.Costs, clock.EndOf(state.Head), all);
        var commit = new JournalCommit(manifest.ToJson(), all);
        await journal.SaveCommitAsync(commit, cancellationToken);
        return commit;
    }

    /// <summary>Writes an empty part if neither this run nor a committed run has one. Engines cannot read a dataset without files, and a
    /// table needs its header even without rows.</summary>
    private async Task StageEmptyPartsAsync(RunFiles files, CancellationToken cancellationToken)
    {
        foreach (PartFormat format in state.Head.PartFormats)
        {
            if (state.Head.Area == StoreArea.Data && await HasCommittedPartAsync(Layout.Names(format).Dataset, cancellationToken))
                continue;
            await using MessagePart part = await MessagePart.OpenAsync(files, state.Run, [format], 0, cancellationToken);
            await part.CompleteAsync(files, cancellationToken);
        }
    }

    /// <summary>Whether a committed part exists. Other files in the dataset's folder, such as a part of a run that was never committed,
    /// are invisible to readers.</summary>
    private async Task<bool> HasCommittedPartAsync(string dataset, CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in archive.Store.ListAsync(StoreArea.Data, $"{dataset}/", cancellationToken))
        {
            if (await new CommittedRuns(archive.Store).HasAsync(file.Path, cancellationToken))
                return true;
        }

        return false;
    }

    private async Task<long> StageRejectedAsync(RunFiles files, CancellationToken cancellationToken)
    {
        long count = state.Plan!.RejectedCount + state.Checkpoints.Sum(c => c.RejectedCount);
        if (count == 0)
            return 0;
        await using StagingStream stream = await files.StageAsync(files.Layout.Rejected, cancellationToken);
        await foreach (ReadOnlyMemory<byte> lines in journal.RejectedAsync(state, cancellationToken))
            await stream.WriteAsync(lines, cancellationToken);
        await files.CompleteAsync(stream, Datasets.Rejected, "jsonl", count, null, null, cancellationToken);
        return count;
    }
}
