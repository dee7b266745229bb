using System.Globalization;
using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Text;
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
            ? $"the latest snapshot is run {latest.RunId}, {Age(report.Age!.Value)} old."
            : "no snapshot yet.";
        console.WriteLine(Line($"{location}: {snapshot}"));
        foreach (string damage in report.Damages)
            console.WriteLine(Line($"Damaged: {damage}"));
        console.WriteLine(report.Lock is { } holder ? Holder(holder) : "No process is working on it.");
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Run", "Started (UTC)", "Took", "Status");
        foreach (string number in (string[])["Conversations", "Added", "Changed", "Removed", "Requests"])
            table.AddColumn(new TableColumn(number).RightAligned());
        table.AddColumn("Error");
        foreach (RunSummary run in report.Runs)
            table.AddRow(Cells(run));
        console.Write(table);
        if (report.Total > report.Runs.Count)
            console.WriteLine(Line($"… and {report.Total - report.Runs.Count:N0} older runs: see --all."));
    }

    /// <summary>The status in words, with its meaning for the user.</summary>
    public static string Status(RunSummary run) => run.Condition switch
    {
        RunCondition.Interrupted => "Interrupted: the next run continues it",
        RunCondition.UnderWay => "Running",
        _ => run.Status ?? "Unknown",
    };

    public static string Took(RunSummary run) => run.Duration is { } duration ? LiveLine.Clock(duration) : "";

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static Text[] Cells(RunSummary run) =>
    [
        new(run.RunId),
        new(Time(run.StartedAt)),
        new(Took(run)),
        new(Status(run)),
        new(run.Conversations is { } c ? Line($"{c.Done:N0}/{(c.Total is { } total ? Line($"{total:N0}") : "?")}") : ""),
        Number(run.Rows?.Added),
        Number(run.Rows?.Changed),
        Number(run.Rows?.Removed),
        Number(run.Requests),
        new(run.Error is { Length: > MostOfError } error ? $"{error[..MostOfError]}…" : run.Error ?? ""),
    ];

    private static Text Number(long? number) => new(number is null ? "" : Line($"{number:N0}"));

    private static string Holder(LockHolder holder) => holder == LockHolder.Unknown
        ? "An unknown process is working on it."
        : Line($"Working on it: {holder.Host}, process {holder.ProcessId}, since {Time(holder.Since)} UTC ({holder.Purpose}).") +
            Line($"{(holder.Advice() is { } advice ? $" {advice}" : "")}");

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Line($"{age.Minutes} min"),
        { TotalDays: < 1 } => Line($"{age.Hours} h {age.Minutes} min"),
        _ => Line($"{age.Days} d {age.Hours} h"),
    };

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
