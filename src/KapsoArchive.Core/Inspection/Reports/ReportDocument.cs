using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Pages;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>The report of one run as a self-contained HTML document: first the outcome, then what is incomplete, what was written, the
/// resources used, and how to prove it.</summary>
/// <param name="run">The run's manifest and record.</param>
/// <param name="manifestSha256">The hash of the manifest in the store; null if the run is not committed.</param>
/// <param name="previous">Whether the manifest names the actual manifest before it.</param>
/// <param name="counted">The counts of the run's parts; null if they cannot be counted.</param>
/// <param name="problem">Why they cannot be counted.</param>
internal sealed class ReportDocument(
    HtmlWriter html, RunSummary run, string? manifestSha256, ChainLink previous, MessageTally? counted, string? problem)
{
    private const int MostListed = 500;

    private readonly RunOutcome _outcome = RunOutcome.Of(run);

    public void Write()
    {
        using (HtmlShell.Begin(html, RunReports.HeadOf(run.RunId)))
        {
            Top();
            if (run.Manifest is { } manifest)
            {
                NotComplete(manifest);
                Messages(manifest);
                Media(manifest);
                Source(manifest);
                new ReportProof(html, manifest, manifestSha256, previous).Write();
            }
            else
            {
                Progress();
            }

            Foot();
        }
    }

    private void Top()
    {
        using (html.Element("header"))
        {
            html.Element("p", "kicker", "WhatsApp archive · run report");
            html.Element("h1", null, _outcome.Headline);
            using (html.Element("p", "lead"))
            {
                Badge.Write(html, _outcome.Tone, _outcome.Word);
                html.Text($"Run {run.RunId}{(run.StartedAt is { } started ? $", {Utc(started)}" : "")}"
                    + $"{(Took() is { } took ? $", {took}" : "")}.");
            }
        }

        BadgeTone tone = _outcome.Tone == BadgeTone.Plain ? BadgeTone.Active : _outcome.Tone;
        using (html.Element("section", $"panel {Badge.ClassOf(tone)}"))
        {
            html.Attribute("aria-label", "What to do");
            if (run.Error is { } error)
                html.Element("p", null, VisibleText.Of(error));
            CommandText.Write(html, _outcome.Action);
        }

        if (run.Manifest is { Totals: var totals })
        {
            FactList.Write(
                html,
                "figures",
                ("Conversations", Number(run.Conversations!.Total)),
                ("Messages added", Number(totals.Rows.Added)),
                ("Changed", Number(totals.Rows.Changed)),
                ("Removed", Number(totals.Rows.Removed)),
                ("Records rejected", Number(totals.Rows.Rejected)),
                ("Values that did not fit", NotZero(totals.Values?.Unfit)),
                ("Records repaired", NotZero(totals.Values?.Repaired)),
                ("Left out without a time", NotZero(totals.Values?.LeftOut)));
        }
    }

    private void NotComplete(Manifest manifest)
    {
        if (manifest is { Discovery: { Complete: false } list, Incomplete.Count: > 0 })
            html.Element("p", null, VisibleText.Of($"The list of conversations was not proven complete either: {list.Reason}."));
        if (manifest.Incomplete.Count == 0)
            return;
        html.Element("h2", null, "What is not complete");
        DataTable.Write(
            html,
            "Conversations that are not complete",
            [("Conversation", "fold"), ("Outcome", null), ("Why", "fold"), ("Listed", "number"), ("Read", "number"),
                ("What to do", "fold")],
            manifest.Incomplete.Take(MostListed).Select(c => (IReadOnlyList<string?>)[c.ConversationId, c.Outcome, c.Reason,
                Number(c.ReportedCount) ?? "unknown", Number(c.DistinctCount), IncompleteAdvice.For(c)]));
        if (manifest.Incomplete.Count > MostListed)
            html.Element(
                "p", "muted", Line($"… and {manifest.Incomplete.Count - MostListed:N0} more: see \"incomplete\" in the manifest."));
    }

    private void Messages(Manifest manifest)
    {
        html.Element("h2", null, "Messages written");
        if (counted is not { } tally)
        {
            using (html.Element("div", "panel bad"))
            {
                html.Element("p", null, $"They cannot be counted: {VisibleText.Of(problem)}");
                CommandText.Write(html, $"Find out more with `kapso-archive verify --run {manifest.RunId}`.");
            }

            return;
        }

        if (tally.Messages == 0)
        {
            html.Element("p", null, "The run wrote none.");
            return;
        }

        html.Element("p", "muted",
            Line($"Added and changed messages, {tally.Messages:N0} in all, counted in the run's files. Days are those of the messages' ")
            + Line($"creation, in UTC{(tally.Undated == 0 ? "" : $"; {tally.Undated:N0} have no time that can be read")}."));
        using (html.Element("div", "side"))
        {
            BarTable.Write(html, "By type", "Type", "Messages", Shown(tally.Types));
            BarTable.Write(html, "By direction", "Direction", "Messages", Shown(tally.Directions));
        }

        if (tally.Days.Count > 0)
        {
            (string step, IReadOnlyList<(string Name, long Count)> columns) = DayColumns.Of(tally.Days);
            ColumnChart.Write(html, $"Messages by {step.ToLowerInvariant()}", step, "Messages", columns);
        }
    }

    private void Media(Manifest manifest)
    {
        if (manifest.Totals.Media is not { } totals)
            return;
        html.Element("h2", null, "Files behind messages");
        FactList.Write(
            html, "figures", ("Stored", Number(totals.Stored)), ("Size", ByteSize.Of(totals.Bytes)),
            ("Not archived yet", Number(totals.Due)), ("Gone at Kapso", NotZero(totals.Gone)), ("Too large", NotZero(totals.TooLarge)),
            ("Refused", NotZero(totals.Refused)), ("Given up", NotZero(totals.Failed)));
        if (totals.Due > 0)
            CommandText.Write(html, "The next run tries again what is not archived yet. List it: `kapso-archive media`.");
        ILookup<string, ManifestFile> types = manifest.Files.Where(f => f.Dataset == Datasets.MediaFiles).ToLookup(f => f.Format);
        if (types.Count > 0)
        {
            DataTable.Write(
                html, "Stored files by type", [("Type", null), ("Files", "number"), ("Bytes", "number")],
                types.OrderByDescending(t => t.Sum(f => f.Bytes)).Select(
                    t => (IReadOnlyList<string?>)[t.Key, Number(t.Count()), Number(t.Sum(f => f.Bytes))]));
        }
    }

    private void Source(Manifest manifest)
    {
        ManifestTotals totals = manifest.Totals;
        html.Element("h2", null, "What it took");
        FactList.Write(html, "figures", ("Requests", Number(totals.Requests)), ("Repeated", Number(totals.Retries)),
            ("Throttled", Number(totals.Throttled)), ("Time", Took()));
        html.Element("p", null, totals.Throttled == 0
            ? "The source never asked to slow down."
            : Line($"The source asked to slow down {(totals.Throttled == 1 ? "once" : $"{totals.Throttled:N0} times")} (429), and ")
                + "the run waited each time: the key's limit is shared with others. Nothing was left out because of it.");
        FactList.Write(
            html,
            "facts",
            ("Source", $"{manifest.Source?.BaseUrl}{manifest.Source?.Endpoint}"),
            ("Requested", Asked(manifest.Request)),
            ("Formats", manifest.Request.Formats is { } formats ? string.Join(", ", formats) : null),
            ("Started by", manifest.Trigger),
            ("Started", Utc(manifest.StartedAt)),
            ("Finished", Utc(manifest.FinishedAt)),
            ("Conversations", Outcomes(totals.Conversations)),
            ("Read", totals.Sweeps is { } sweeps
                ? Line($"{sweeps.Full:N0} of all messages, {sweeps.Head:N0} of the newest (the archive proves the rest)")
                : null));
    }

    private void Progress()
    {
        html.Element("h2", null, "Progress");
        if (run.Record is not { } record)
        {
            html.Element("p", null, "Nothing else is known about it.");
            return;
        }

        ProgressCounts progress = record.Progress;
        FactList.Write(
            html,
            "figures",
            ("Conversations",
                Line($"{progress.Conversations.Done:N0} of {(progress.Conversations.Total is { } total ? Line($"{total:N0}") : "?")}")),
            ("Not complete", Number(progress.Conversations.Failed)),
            ("Messages read", Number(progress.Messages)),
            ("Requests", Number(progress.Requests)),
            ("Throttled", Number(progress.Throttled)));
        FactList.Write(
            html,
            "facts",
            ("Started by", record.Trigger),
            ("Requested", record.Request.IsAll
                ? "all conversations"
                : Line($"{record.Request.Listed:N0} listed conversations")),
            ("Started", record.StartedAt is { } started ? Utc(started) : null),
            ("Last update", Utc(record.UpdatedAt)),
            ("Finished", record.FinishedAt is { } finished ? Utc(finished) : null));
        html.Element("p", null, "It is not committed: nothing of it is part of the archive.");
    }

    private void Foot()
    {
        using (html.Element("footer"))
        {
            html.Element("p", null, run.Manifest is null
                ? "Made from the run's status document. A run counts only when its manifest is written."
                : "Made from the run's manifest and files, which are the evidence; this page only describes them. The same archive always "
                    + "gives the same page.");
            CommandText.Write(html, $"Make it again: `kapso-archive report --run {run.RunId}`.");
        }
    }

    private string? Took() => run.Duration switch
    {
        null => null,
        { TotalSeconds: < 60 } duration => Line($"{duration.TotalSeconds:N1} s"),
        { TotalHours: < 1 } duration => Line($"{duration.Minutes} min {duration.Seconds} s"),
        { } duration => Line($"{(int)duration.TotalHours} h {duration.Minutes} min"),
    };

    private static IReadOnlyList<(string Name, long Count)> Shown(IReadOnlyList<(string Name, long Count)> counts) =>
        [.. counts.Select(c => (VisibleText.Line(c.Name), c.Count))];

    private static string Asked(ManifestRequest request) =>
        $"{(request.IsAll ? "all conversations" : "listed conversations")}"
        + $"{(request.ActiveSince is { } since ? $", those active since {Utc(since)}" : "")}{(request.Full ? ", each completely" : "")}";

    private static string Outcomes(ConversationTotals totals) =>
        Line($"{totals.Complete:N0} complete, {totals.Incomplete:N0} incomplete, {totals.Gone:N0} gone, {totals.Failed:N0} failed");

    private static string? NotZero(long? number) => number == 0 ? null : Number(number);

    private static string? Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
