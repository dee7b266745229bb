using System.Globalization;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Text;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Prints all details of one run on stdout.</summary>
internal static class RunPrint
{
    public static void Print(RunSummary run, string location)
    {
        IAnsiConsole console = Terminal.OpenReport();
        Grid grid = new Grid().AddColumn().AddColumn();
        foreach ((string name, string value) in Facts(run).Where(f => f.Value.Length > 0))
            grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
        if (run.Manifest is { } manifest)
            ManifestPrint.Print(manifest, location);
        else
            console.WriteLine("It is not committed: nothing of it is part of the archive.");
    }

    private static IEnumerable<(string Name, string Value)> Facts(RunSummary run)
    {
        yield return ("Run", run.RunId);
        yield return ("Status", StatusPrint.Status(run));
        yield return ("Error", run.Error ?? "");
        yield return ("Requested", Request(run));
        yield return ("Started by", run.Manifest?.Trigger ?? run.Record?.Trigger ?? "");
        yield return ("Started", Utc(run.StartedAt));
        yield return ("Finished", Utc(run.FinishedAt));
        yield return ("Last update", run.FinishedAt is null ? Utc(run.Record?.UpdatedAt) : "");
        yield return ("Took", StatusPrint.Took(run));
        if (run.Manifest is { } manifest)
        {
            yield return ("Conversations", Conversations(manifest.Totals.Conversations));
            yield return ("Sweeps", Sweeps(manifest.Totals.Sweeps));
            yield return ("Source", $"{manifest.Source?.BaseUrl} {manifest.Source?.Endpoint}");
            foreach (string warning in manifest.Warnings ?? [])
                yield return ("Warning", warning);
            yield return ("Previous", manifest.Previous?.RunId ?? "none: it is the first");
        }
        else if (run.Record is { Progress: var progress })
        {
            yield return ("Conversations",
                Line($"{progress.Conversations.Done:N0} of ") +
                Line($"{progress.Conversations.Total?.ToString("N0", CultureInfo.InvariantCulture) ?? "?"}, ") +
                Line($"{progress.Conversations.Failed:N0} not complete"));
            yield return ("Messages", Line($"{progress.Messages:N0}, invisible until the run is committed"));
            yield return ("Requests", Line($"{progress.Requests:N0}, {progress.Throttled:N0} throttled"));
        }
    }

    private static string Request(RunSummary run)
    {
        if ((run.Manifest?.Request.IsAll ?? run.Record?.Request.IsAll) is not { } isAll)
            return "";
        string which = isAll
            ? run.Manifest?.Request.ActiveSince is { } since ? $"all conversations, those active since {Utc(since)}" : "all conversations"
            : run.Record?.Request.Listed is { } listed ? Line($"{listed:N0} listed conversations") : "listed conversations";
        bool full = run.Manifest?.Request.Full ?? run.Record?.Request.Full ?? false;
        IReadOnlyList<string> formats = run.Manifest?.Request.Formats ?? run.Record?.Request.Formats ?? [];
        return $"{which}{(full ? ", each completely" : "")}; {string.Join(", ", formats)}";
    }

    private static string Conversations(ConversationTotals totals) =>
        Line($"{totals.Complete:N0} complete, {totals.Incomplete:N0} incomplete, {totals.Gone:N0} gone, {totals.Failed:N0} failed");

    /// <summary>Null for a manifest of schema version 1.</summary>
    private static string Sweeps(SweepTotals? sweeps) =>
        sweeps is null
            ? ""
            : Line($"{sweeps.Head:N0} of the newest messages, {sweeps.Full:N0} of all; ") +
                Line($"{sweeps.Due:N0} of these were due for a full sweep, {sweeps.DuePages:N0} pages");

    private static string Utc(DateTimeOffset? time) => time is null ? "" : $"{StatusPrint.Time(time)} UTC";

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
