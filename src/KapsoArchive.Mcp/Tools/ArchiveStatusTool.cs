using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Mcp.Tools;

/// <summary><c>archive_status</c>: how complete and how old the archive is.</summary>
internal sealed class ArchiveStatusTool(IStore store, ArchiveStatus status, ILogger<ArchiveStatusTool> log) : ArchiveTool<StatusAnswer>(
    "archive_status", "State of the archive",
    "Says how complete and how old the archive is: messages and conversations, which are not complete and why, when it was last "
        + "updated, and the last run that failed. Ask this before you say that something does not exist.",
    [Limit, SharedParameters.Zone], log)
{
    private const int Runs = 20;
    private const string Incomplete = "incomplete";
    private const string Failed = "failed";

    private static readonly NumberParameter Limit = new("limit", "How many conversations that are not complete to list.", 20, 0, 100);

    protected override async Task<StatusAnswer> AnswerAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        int limit = Limit.Of(arguments);
        ReadingZone zone = SharedParameters.ZoneOf(arguments);
        StatusReport report = await status.ReadAsync(Runs, cancellationToken);
        NotCompleteAnswer[] notComplete = report.Totals is null ? [] : await NotCompleteAsync(report, cancellationToken);
        ManifestDiscovery? listing = report.Runs.Select(r => r.Manifest?.Discovery).FirstOrDefault(d => d is not null);
        string? listProblem = listing is { Complete: false } ? AgentText.Line(listing.Reason) : null;
        return new StatusAnswer(
            Summary(report, notComplete.Length, listProblem), report.Latest?.RunId, MomentAnswer.Of(report.Latest?.FinishedAt, zone),
            report.Age is { } age ? Math.Round(age.TotalHours, 1) : null, report.Totals?.Messages, report.Totals?.Conversations,
            report.Totals is null ? null : notComplete.Length, notComplete[..Math.Min(limit, notComplete.Length)], listProblem,
            report.Lock is not null, Of(report.Runs is [var newest, ..] ? newest : null, zone),
            Of(report.Runs.FirstOrDefault(HasFailed), zone),
            [.. report.Damages.Select(AgentText.Line)]);
    }

    /// <summary>All conversations whose last reading left them incomplete. The newest manifest that names one has the reason. The index
    /// does not have a conversation that could never be read; the manifests alone name it.</summary>
    private async Task<NotCompleteAnswer[]> NotCompleteAsync(StatusReport report, CancellationToken cancellationToken)
    {
        var directory = await ConversationDirectory.OpenAsync(store, cancellationToken);
        Dictionary<string, ManifestIncomplete> reasons = new(StringComparer.Ordinal);
        foreach (ManifestIncomplete incomplete in report.Runs.SelectMany(r => r.Manifest?.Incomplete ?? []))
            reasons.TryAdd(incomplete.ConversationId, incomplete);
        ArchivedConversation[] known = [.. directory.List(null, null, ConversationOrder.Last, int.MaxValue).Conversations];
        IEnumerable<NotCompleteAnswer> read = known.Where(c => c.Outcome is Incomplete or Failed)
            .Select(c => Of(c.ConversationId, c.Title, c.Outcome, reasons.GetValueOrDefault(c.ConversationId)));
        IEnumerable<NotCompleteAnswer> neverRead = reasons.Values.Where(r => r.Outcome is Incomplete or Failed)
            .ExceptBy(known.Select(c => c.ConversationId), r => r.ConversationId, StringComparer.Ordinal)
            .Select(r => Of(r.ConversationId, r.ConversationId, r.Outcome, r));
        return [.. read, .. neverRead];
    }

    private static NotCompleteAnswer Of(string id, string title, string outcome, ManifestIncomplete? why) => new(
        AgentText.Line(id), AgentText.Line(title), outcome, why is null ? null : AgentText.Line(why.Reason),
        why is null ? null : IncompleteAdvice.For(why));

    private static bool HasFailed(RunSummary run) =>
        run.IsInterrupted || run.Status is nameof(Core.Journal.RunStatus.Failed) or nameof(Core.Journal.RunStatus.Canceled);

    private static AttemptAnswer? Of(RunSummary? run, ReadingZone zone) => run is null ? null : new AttemptAnswer(
        run.RunId, run.IsInterrupted ? "Interrupted" : run.Status ?? "Unknown", MomentAnswer.Of(run.StartedAt, zone),
        AgentText.LineOrNull(run.Error));

    private static string Summary(StatusReport report, int notComplete, string? listProblem)
    {
        if (report.Latest is not { } latest)
            return "The archive has no committed run yet, so it holds nothing.";
        string completeness = report.Totals switch
        {
            null => "How many of its conversations are complete is not known now.",
            var totals when notComplete == 0 =>
                Line($"Every conversation was complete when it was last read; the archive has {totals.Conversations:N0}."),
            var totals => Line($"Not complete: {notComplete:N0}. The archive has {totals.Conversations:N0} conversations in all."),
        };
        string list = listProblem is null ? "" : " The list of conversations is not proved complete, so one may be missing.";
        string asOf = Line($"{latest.FinishedAt.UtcDateTime:yyyy-MM-dd HH:mm}");
        return $"{completeness}{list} The archive is as of {asOf} UTC; later messages are not in it.";
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
