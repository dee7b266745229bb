using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Pages;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>The outcome of a run in words: what a reader needs first.</summary>
/// <param name="Tone">How good the outcome is.</param>
/// <param name="Word">One word.</param>
/// <param name="Headline">One sentence.</param>
/// <param name="Action">What to do now.</param>
internal sealed record RunOutcome(BadgeTone Tone, string Word, string Headline, string Action)
{
    public static RunOutcome Of(RunSummary run) => run switch
    {
        { Manifest: { } manifest } => OfCommitted(manifest),
        { Damage: not null } => new(
            BadgeTone.Bad, "Damaged", "The status of this run cannot be read", "Find out what else is damaged: `kapso-archive verify`."),
        { IsUnderWay: true } => new(
            BadgeTone.Active, "Running", "The run is under way", "Nothing of it is visible until it ends. Make the report again then."),
        { IsInterrupted: true } => new(BadgeTone.Warning, "Interrupted", "The run was interrupted",
            "Nothing is lost: the next run continues it. To continue now: `kapso-archive run`."),
        { Record.Status: RunStatus.NotStarted } => new(BadgeTone.Plain, "Waiting", "The run has not started",
            "It waits for a program that carries out runs: `kapso-archive serve`, or the function app."),
        { Record.Status: RunStatus.Canceled } => new(BadgeTone.Plain, "Cancelled", "The run was cancelled",
            "Nothing of it is part of the archive. To run again: `kapso-archive run`."),
        { Record: { Status: RunStatus.Failed, Interrupted: true } } => new(BadgeTone.Bad, "Failed", "The run failed",
            "What it read is kept, and the next run continues from there. Correct the error, then: `kapso-archive run`."),
        _ => new(BadgeTone.Bad, "Failed", "The run failed",
            "Nothing of it is part of the archive. Correct the error, then: `kapso-archive run`."),
    };

    private static RunOutcome OfCommitted(Manifest manifest)
    {
        ConversationTotals totals = manifest.Totals.Conversations;
        long all = totals.Complete + totals.Incomplete + totals.Gone + totals.Failed;
        long missing = totals.Incomplete + totals.Failed;
        if (missing == 0 && manifest.Discovery is { Complete: false } list)
        {
            return new(
                BadgeTone.Warning, "Not complete", "The list of conversations was not proven complete",
                $"Reason: {list.Reason}. All conversations that were found are archived; the next run reads the list again.");
        }

        return (all, missing) switch
        {
            (0, _) => new(BadgeTone.Good, "Complete", "There was nothing to read: no conversation was active or due for a full sweep",
                "No action is needed."),
            (_, 0) => new(BadgeTone.Good, "Complete",
                Line($"{(all == 1 ? "The one conversation is complete" : $"All {all:N0} conversations are complete")}"),
                "No action is needed."),
            _ => new(BadgeTone.Warning, "Not complete",
                Line($"{missing:N0} of {Quantity.Of(all, "conversation")} {(missing == 1 ? "is" : "are")} not complete"),
                "The table below gives the reason for each, and what to do. Everything else is archived."),
        };
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
