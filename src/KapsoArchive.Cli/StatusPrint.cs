using KapsoArchive.Core.Inspection.Status;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Prints the status of an archive and its runs on stdout.</summary>
internal static class StatusPrint
{
    private const int MostOfError = 120;

    public static void Print(StatusReport report, string location)
    {
        IAnsiConsole console = Terminal.OpenReport();
        string snapshot = report.Latest is { } latest
            ? $"the latest snapshot is run {latest.RunId}, {SpanText.Of(report.Age!.Value)} old."
            : "no snapshot yet.";
        console.WriteLine(Line($"{location}: {snapshot}"));
        if (report.Latest is { } newest && report.Night is { RunId: var night } && night != newest.RunId)
            console.WriteLine(Line(
                $"The newest nightly run is {night}{(report.NightAge is { } age ? $", {SpanText.Of(age)} old" : "")}."));
        string exports = report.Exports == 0 ? "" : $" Besides, {Quantity.Of(report.Exports, "export")}.";
        if (report.Totals is { } totals)
            console.WriteLine(
                $"{Quantity.Of(totals.Messages, "message")}, {Quantity.Of(totals.Conversations, "conversation")}, "
                + Line($"{totals.NotComplete:N0} not complete; {ByteSize.Of(totals.Bytes)}.{exports}"));
        else if (exports.Length > 0)
            console.WriteLine(exports.TrimStart());
        if (report.WaitingFiles is > 0 and var waiting)
            console.WriteLine(
                Line($"{Quantity.Of(waiting, "file")} behind messages {(waiting == 1 ? "is" : "are")} not archived yet: ")
                + "`kapso-archive media` lists them.");
        foreach (string damage in report.Damages)
            console.WriteLine(Line($"Damaged: {damage}"));
        console.WriteLine(report.Lock is { } holder ? Holder(holder) : "No process is working on it.");
        foreach (RunSummary run in report.Runs)
            PrintShort(console, run);
        if (report.Total > report.Runs.Count)
            console.WriteLine(Line($"… and {Quantity.Of(report.Total - report.Runs.Count, "older run")}: see --all."));
    }

    /// <summary>Prints all details of one run.</summary>
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

    /// <summary>The status in words, with its meaning for the user.</summary>
    private static string Status(RunSummary run) =>
        run.IsInterrupted ? "Interrupted: the next run continues it"
        : run.IsUnderWay ? "Running"
        : run.Status ?? "Unknown";

    private static string Took(RunSummary run) => run.Duration is { } duration ? LiveLine.Clock(duration) : "";

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Prints a run in two or three lines, which fit into 80 columns unless there is an error.</summary>
    private static void PrintShort(IAnsiConsole console, RunSummary run)
    {
        console.WriteLine();
        string took = Took(run) is { Length: > 0 } clock ? $", {clock}" : "";
        console.WriteLine(Line($"{run.RunId}  {Status(run)}{took}"));
        if (Outcome(run) is { Length: > 0 } outcome)
            console.WriteLine($"  {outcome}");
        if (run.Error is { } error)
            console.WriteLine(Line($"  Error: {(error.Length > MostOfError ? $"{error[..MostOfError]}…" : error)}"));
    }

    /// <summary>What the run read. How much the archive has stands above: a run may read a part of it.</summary>
    private static string Outcome(RunSummary run)
    {
        if (run.Conversations is not { } read)
            return "";
        string noun = (run.Manifest?.Request.IsAll ?? run.Record?.Request.IsAll) == false ? "listed conversation" : "conversation";
        string failed = read.Failed > 0 ? Line($", {read.Failed:N0} not complete") : "";
        if (run.Rows is not { } rows)
            return Line($"{read.Done:N0} of {(read.Total is { } total ? Quantity.Of(total, noun) : $"? {noun}s")} read{failed}");
        return Line($"{Quantity.Of(read.Done, noun)} read{failed}; {Quantity.Of(rows.Added, "message")} added, {rows.Changed:N0} changed, ")
            + Line($"{rows.Removed:N0} removed");
    }

    private static string Holder(LockHolder holder) => holder == LockHolder.Unknown
        ? "An unknown process is working on it."
        : Line($"Working on it: {holder.Host}, process {holder.ProcessId}, since {Time(holder.Since)} UTC ({holder.Purpose}).") +
            Line($"{(holder.Advice() is { } advice ? $" {advice}" : "")}");

    private static IEnumerable<(string Name, string Value)> Facts(RunSummary run)
    {
        yield return ("Run", run.RunId);
        yield return ("Status", Status(run));
        yield return ("Error", run.Error ?? "");
        yield return ("Requested", Request(run));
        yield return ("Started by", run.Manifest?.Trigger ?? run.Record?.Trigger ?? "");
        yield return ("Started", Utc(run.StartedAt));
        yield return ("Finished", Utc(run.FinishedAt));
        yield return ("Last update", run.FinishedAt is null ? Utc(run.Record?.UpdatedAt) : "");
        yield return ("Took", Took(run));
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
            : run.Record?.Request.Listed is { } listed ? Quantity.Of(listed, "listed conversation") : "listed conversations";
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
                Line($"{sweeps.Due:N0} of these were due for a full sweep, {Quantity.Of(sweeps.DuePages, "page")}");

    private static string Utc(DateTimeOffset? time) => time is null ? "" : $"{Time(time)} UTC";

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
