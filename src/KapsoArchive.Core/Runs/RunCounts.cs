using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Journal;

namespace KapsoArchive.Core.Runs;

/// <summary>What a run counted, on its way into the manifest.</summary>
/// <param name="rejected">Lines of <c>_rejected</c>.</param>
internal sealed class RunCounts(JournalHead head, RunPlan plan, IReadOnlyCollection<JournalVisit> visits, long rejected)
{
    public Manifest ToManifest(string baseUrl, RunCosts costs, DateTimeOffset finishedAt, IReadOnlyList<RunFile> files)
    {
        IReadOnlyList<ManifestIncomplete> incomplete =
        [
            .. visits
                .Where(v => v.IsNewlyGone || IsNotComplete(v.Row))
                .Select(v => v.Row)
                .OrderBy(c => c.ConversationId, StringComparer.Ordinal)
                .Select(c => new ManifestIncomplete(c.ConversationId, Datasets.Name(c.Outcome), c.Reason, c.ReportedCount, c.DistinctCount, c.Pages, c.Sweeps)),
        ];
        return new Manifest
        {
            RunId = head.RunId,
            Kind = head.Kind == RunKind.Export ? "export" : "archive",
            Trigger = head.Trigger,
            Status = visits.Any(v => IsNotComplete(v.Row)) ? "PartiallySucceeded" : "Succeeded",
            StartedAt = head.StartedAt,
            FinishedAt = finishedAt,
            Source = new ManifestSource(baseUrl, "whatsapp_conversations/{conversation_id}/whatsapp_messages"),
            Request = new ManifestRequest(
                head.Conversations is null ? "all" : "listed", [.. head.Formats.Select(f => Layout.Names(f).Format)], head.Full, plan.ActiveSince, plan.IsWholeList)
            {
                From = head.Range.From,
                To = head.Range.To,
            },
            Totals = new ManifestTotals(
                new ConversationTotals(
                    Count(ConversationOutcome.Complete), Count(ConversationOutcome.Incomplete), Count(ConversationOutcome.Gone), Count(ConversationOutcome.Failed)),
                new RowTotals(Sum(c => c.Added), Sum(c => c.Changed), Sum(c => c.Removed), rejected),
                new SweepTotals(Count(SweepKind.Head), Count(SweepKind.Full), visits.LongCount(v => v.Due), visits.Where(v => v.Due).Sum(v => v.Row.Pages)),
                costs.Requests,
                costs.Retries,
                costs.Throttled,
                files.Sum(f => f.Entry.Bytes)),
            Files = [.. files.Select(f => f.Entry)],
            Incomplete = incomplete,
            Previous = head.Previous,
        };
    }

    private static bool IsNotComplete(ConversationRow row) => row.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed;

    private long Count(ConversationOutcome outcome) => visits.LongCount(v => v.Row.Outcome == outcome);

    private long Count(SweepKind sweep) => visits.LongCount(v => v.Row.Sweep == sweep);

    private long Sum(Func<ConversationRow, long> count) => visits.Sum(v => count(v.Row));
}
