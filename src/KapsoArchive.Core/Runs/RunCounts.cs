using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>What a run counted, on its way into the manifest.</summary>
internal sealed class RunCounts(IReadOnlyCollection<ConversationRow> conversations, long rejected)
{
    public Manifest ToManifest(
        RunRequest request, RunStamp run, string baseUrl, RunTracker tracker, DateTimeOffset finishedAt, IReadOnlyList<RunFile> files, ManifestPrevious? previous)
    {
        IReadOnlyList<ManifestIncomplete> incomplete =
        [
            .. conversations
                .Where(c => c.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed)
                .OrderBy(c => c.ConversationId, StringComparer.Ordinal)
                .Select(c => new ManifestIncomplete(c.ConversationId, Datasets.Name(c.Outcome), c.Reason, c.ReportedCount, c.DistinctCount, c.Pages, c.Sweeps)),
        ];
        return new Manifest
        {
            RunId = run.RunId,
            Kind = "archive",
            Trigger = request.Trigger,
            Status = incomplete.Count == 0 ? "Succeeded" : "PartiallySucceeded",
            StartedAt = run.ArchivedAt,
            FinishedAt = finishedAt,
            Source = new ManifestSource(baseUrl, "whatsapp_conversations/{conversation_id}/whatsapp_messages"),
            Request = new ManifestRequest(request.Conversations.Ids is null ? "all" : "listed", [.. request.Formats.Select(f => Layout.Names(f).Format)]),
            Totals = new ManifestTotals(
                new ConversationTotals(
                    Count(ConversationOutcome.Complete), Count(ConversationOutcome.Incomplete), Count(ConversationOutcome.Gone), Count(ConversationOutcome.Failed)),
                new RowTotals(conversations.Sum(c => c.Added), conversations.Sum(c => c.Changed), conversations.Sum(c => c.Removed), rejected),
                tracker.Requests,
                tracker.Retries,
                tracker.Throttled,
                files.Sum(f => f.Entry.Bytes)),
            Files = [.. files.Select(f => f.Entry)],
            Incomplete = incomplete,
            Previous = previous,
        };
    }

    private long Count(ConversationOutcome outcome) => conversations.LongCount(c => c.Outcome == outcome);
}
