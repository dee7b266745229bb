namespace KapsoArchive.Core.Runs;

/// <summary>The counts of a run, for its manifest.</summary>
internal sealed class RunCounts
{
    private readonly JournalHead _head;
    private readonly RunPlan _plan;
    private readonly long _rejected;
    private readonly Dictionary<ConversationOutcome, long> _outcomes = [];
    private readonly Dictionary<SweepKind, long> _sweeps = [];
    private readonly List<ConversationRow> _incomplete = [];
    private RowTotals _rows = new(0, 0, 0, 0);
    private long _due;
    private long _duePages;

    /// <param name="visits">Each conversation that was visited; enumerated once.</param>
    /// <param name="rejected">Lines of <c>_rejected</c>.</param>
    public RunCounts(JournalHead head, RunPlan plan, IEnumerable<JournalVisit> visits, long rejected)
    {
        (_head, _plan, _rejected) = (head, plan, rejected);
        foreach (JournalVisit visit in visits)
            Add(visit);
    }

    public required ValueTotals Values { get; init; }

    public Manifest ToManifest(string baseUrl, RunCosts costs, DateTimeOffset finishedAt, IReadOnlyList<RunFile> files)
    {
        return new Manifest
        {
            RunId = _head.RunId,
            Kind = _head.Kind == RunKind.Export ? "export" : "archive",
            Trigger = _head.Trigger,
            Status = Count(ConversationOutcome.Incomplete) + Count(ConversationOutcome.Failed) > 0 || !_plan.IsProven
                ? "PartiallySucceeded"
                : "Succeeded",
            StartedAt = _head.StartedAt,
            FinishedAt = finishedAt,
            Source = new ManifestSource(baseUrl, "whatsapp_conversations/{conversation_id}/whatsapp_messages"),
            Request = new ManifestRequest(
                _head.Conversations is null ? "all" : "listed", [.. _head.Formats.Select(f => Layout.Names(f).Format)], _head.Full,
                _plan.ActiveSince, _plan.IsWholeList)
            {
                From = _head.Range.From,
                To = _head.Range.To,
            },
            Discovery = _plan.Discovery,
            Totals = new ManifestTotals(
                new ConversationTotals(
                    Count(ConversationOutcome.Complete), Count(ConversationOutcome.Incomplete), Count(ConversationOutcome.Gone),
                    Count(ConversationOutcome.Failed)),
                _rows with { Rejected = _rejected },
                new SweepTotals(Count(SweepKind.Head), Count(SweepKind.Full), _due, _duePages),
                costs.Requests,
                costs.Retries,
                costs.Throttled,
                files.Sum(f => f.Entry.Bytes))
            {
                Values = Values,
            },
            Files = [.. files.Select(f => f.Entry)],
            Incomplete =
            [
                .. _incomplete
                    .OrderBy(c => c.ConversationId, StringComparer.Ordinal)
                    .Select(c => new ManifestIncomplete(
                        c.ConversationId, Datasets.Name(c.Outcome), c.Reason, c.ReportedCount, c.DistinctCount, c.Pages, c.Sweeps)),
            ],
            Warnings = Warnings(),
            Previous = _head.Previous,
        };
    }

    private string[]? Warnings()
    {
        string[] warnings =
        [
            .. _head.Damages ?? [], .. _head.Warnings ?? [],
            .. ClockText.OfIdAhead(_head.RunId, _head.StartedAt) is { } ahead ? [ahead] : Array.Empty<string>(),
        ];
        return warnings.Length > 0 ? warnings : null;
    }

    private void Add(JournalVisit visit)
    {
        ConversationRow row = visit.Row;
        _outcomes[row.Outcome] = Count(row.Outcome) + 1;
        _sweeps[row.Sweep] = Count(row.Sweep) + 1;
        _rows = new RowTotals(_rows.Added + row.Added, _rows.Changed + row.Changed, _rows.Removed + row.Removed, Rejected: 0);
        if (visit.Due)
            (_due, _duePages) = (_due + 1, _duePages + row.Pages);
        if (visit.IsNewlyGone || row.Outcome is ConversationOutcome.Incomplete or ConversationOutcome.Failed)
            _incomplete.Add(row);
    }

    private long Count(ConversationOutcome outcome) => _outcomes.GetValueOrDefault(outcome);

    private long Count(SweepKind sweep) => _sweeps.GetValueOrDefault(sweep);
}
