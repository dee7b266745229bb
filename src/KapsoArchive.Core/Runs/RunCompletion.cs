using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Runs.Documents;
using KapsoArchive.Core.Runs.Fetching;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs;

/// <summary>Creates what a run still lacks after reading: the conversations dataset, the rejected records, the manifest. Then records in
/// the journal that the run can be published.</summary>
internal sealed class RunCompletion(
    ProjectArchive archive, RunJournal journal, RunClaims claims, RunState state, RunClock clock, RunTracker tracker,
    string source)
{
    /// <param name="interruption">Stops the creation of pages, which may take a while. Nothing is lost: they are created again.</param>
    /// <param name="cancellationToken">Stops everything.</param>
    public async Task<JournalCommit> StageAsync(CancellationToken interruption, CancellationToken cancellationToken)
    {
        var files = new RunFiles(archive.Store, state.Head);
        await using ExportZip? zip = state.Head.Zip ? await ExportZip.OpenAsync(files, state.Head, cancellationToken) : null;
        long rejected = await StageRejectedAsync(files, cancellationToken);
        if (!state.Files.Any())
            await StageEmptyPartsAsync(files, cancellationToken);
        await StageConversationsAsync(files, PartFormat.Parquet, cancellationToken);
        foreach (PartFormat format in state.Head.Kind == RunKind.Export ? state.Head.Formats : [])
        {
            if (format != PartFormat.Parquet && Layout.ConversationsIn(format) is not null)
                await StageConversationsAsync(files, format, cancellationToken);
        }

        ClosedFiles media = await new FileClosing(archive, journal, state).StageAsync(
            files,
            async () => state.Head.Kind == RunKind.Export || !await HasCommittedPartAsync(Datasets.Media.Name, cancellationToken),
            cancellationToken);
        if (state.Head.NeedsParts)
        {
            await claims.PublishAsync(cancellationToken); // The parts from which other files are made become visible before these.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, cancellationToken);
            await new ExportDocuments(archive.Store, files, state, source, new ExportMedia(media.Rows)).StageAsync(stop.Token);
        }

        RunFile[] all = [.. state.Files, .. files.Take()];
        if (zip is not null)
        {
            await zip.CompleteAsync(ManifestOf(all, rejected, media.Totals), cancellationToken);
            all = [.. all, .. files.Take()];
        }

        var commit = new JournalCommit(ManifestOf(all, rejected, media.Totals).ToJson(), all) { Waiting = media.Waiting };
        await journal.SaveCommitAsync(commit, cancellationToken);
        return commit;
    }

    private async Task StageConversationsAsync(RunFiles files, PartFormat format, CancellationToken cancellationToken)
    {
        await using StagingStream stream = await files.StageAsync(files.Layout.ConversationsIn(format), cancellationToken);
        await ConversationsWriter.WriteSortedAsync(format, stream, state.Run, state.DoneAsUtf8.Select(v => v.Row), cancellationToken);
        await files.CompleteAsync(
            stream, Layout.ConversationsIn(format)!, Layout.Names(format).Format, state.Sums.Done, null, null, cancellationToken);
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
    private async Task<bool> HasCommittedPartAsync(string dataset, CancellationToken cancellationToken) =>
        await archive.Store.ListAsync(StoreArea.Data, $"{dataset}/{Layout.Partition}", cancellationToken).AnyAsync(
            async (file, token) => await new CommittedRuns(archive.Store).HasAsync(file.Path, token), cancellationToken);

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

    private Manifest ManifestOf(IReadOnlyList<RunFile> files, long rejected, MediaTotals? media)
    {
        (JournalHead head, RunPlan plan) = (state.Head, state.Plan!);
        (ConversationTotals conversations, RowTotals rows, SweepTotals sweeps, List<ConversationRow> incomplete) = Count(rejected);
        string[] warnings =
        [
            .. head.Damages ?? [], .. head.Warnings ?? [],
            .. head.Unavailable is { } why
                ? [$"Kapso could not be asked, so this is what the archive has: {why}"]
                : Array.Empty<string>(),
            .. ClockText.OfIdAhead(head.RunId, head.StartedAt) is { } ahead ? [ahead] : Array.Empty<string>(),
        ];
        return new Manifest
        {
            RunId = head.RunId,
            Kind = head.Kind == RunKind.Export ? "export" : "archive",
            Trigger = head.Trigger,
            Status = (conversations.Incomplete + conversations.Failed > 0 || !plan.IsProven
                ? RunStatus.PartiallySucceeded
                : RunStatus.Succeeded).ToString(),
            StartedAt = head.StartedAt,
            FinishedAt = clock.EndOf(head),
            Source = new ManifestSource(source, "whatsapp_conversations/{conversation_id}/whatsapp_messages"),
            Request = new ManifestRequest(
                head.Conversations is null && head.Choice?.Contact is null ? "all" : "listed",
                [.. head.Formats.Select(f => Layout.Names(f).Format)], head.Full, plan.ActiveSince, plan.IsWholeList)
            {
                From = head.Range.From,
                To = head.Range.To,
                Source = head.Choice?.Source switch
                {
                    ExportSource.Archive => "archive",
                    ExportSource.Both => "both",
                    _ => null,
                },
                Versions = head.AllVersions ? "all" : null,
                Contact = head.Choice?.Contact?.Text,
                Directions = head.Choice?.Directions,
                Types = head.Choice?.Types,
                Zip = head.Zip ? true : null,
                Media = head.Choice?.WithoutMedia == true ? "none" : null,
            },
            Provenance = head.Kind == RunKind.Export ? ManifestProvenance.Of(state.Done.Select(v => v.Row)) : null,
            Discovery = plan.Discovery,
            Totals = new ManifestTotals(
                conversations, rows, sweeps, tracker.Requests, tracker.Retries, tracker.Throttled, files.Sum(f => f.Entry.Bytes))
            {
                Values = state.Values,
                Media = media,
            },
            Files = [.. files.Select(f => f.Entry)],
            Incomplete =
            [
                .. incomplete
                    .OrderBy(c => c.ConversationId, StringComparer.Ordinal)
                    .Select(c => new ManifestIncomplete(
                        c.ConversationId, Datasets.Name(c.Outcome), c.Reason, c.ReportedCount, c.DistinctCount, c.Pages, c.Sweeps)),
            ],
            Warnings = warnings.Length > 0 ? warnings : null,
            Previous = head.Previous,
            TableFormat = head.Kind == RunKind.Export ? null : Manifest.Delta,
        };
    }

    private (ConversationTotals Conversations, RowTotals Rows, SweepTotals Sweeps, List<ConversationRow> Incomplete) Count(long rejected)
    {
        Dictionary<ConversationOutcome, long> outcomes = [];
        Dictionary<SweepKind, long> sweeps = [];
        List<ConversationRow> incomplete = [];
        var rows = new RowTotals(0, 0, 0, rejected);
        (long due, long duePages) = (0, 0);
        foreach (JournalVisit visit in state.Done)
        {
            ConversationRow row = visit.Row;
            outcomes[row.Outcome] = Of(row.Outcome) + 1;
            sweeps[row.Sweep] = sweeps.GetValueOrDefault(row.Sweep) + 1;
            rows = new RowTotals(rows.Added + row.Added, rows.Changed + row.Changed, rows.Removed + row.Removed, rejected);
            if (visit.Due)
                (due, duePages) = (due + 1, duePages + row.Pages);
            if (visit.IsNewlyGone || row.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed)
                incomplete.Add(row);
        }

        return (
            new ConversationTotals(
                Of(ConversationOutcome.Complete), Of(ConversationOutcome.Incomplete), Of(ConversationOutcome.Gone),
                Of(ConversationOutcome.Failed)),
            rows,
            new SweepTotals(sweeps.GetValueOrDefault(SweepKind.Head), sweeps.GetValueOrDefault(SweepKind.Full), due, duePages),
            incomplete);

        long Of(ConversationOutcome outcome) => outcomes.GetValueOrDefault(outcome);
    }
}
