using KapsoArchive.Core.Backups;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive backup</c> and <c>kapso-archive restore</c>.</summary>
internal static class BackupCommand
{
    public static Task<int> ExecuteAsync(string target, string? lake, bool json, bool isQuiet, CancellationToken cancellationToken) =>
        Failure.ReportedAsync(
            async () =>
            {
                await using CliServices services = CliServices.ForStore(lake);
                IStore copy = StoreOpener.OpenCopy(target, services.Archive.FileMode, TimeProvider.System);
                var tracker = new BackupTracker();
                BackupReport report = await LiveLine.ShowAsync(
                    isQuiet,
                    elapsed =>
                        $"Copied {tracker.Runs:N0} runs, {tracker.Files:N0} files, {ByteSize.Of(tracker.Bytes)}, {LiveLine.Clock(elapsed)}",
                    () => services.Get<ArchiveBackup>().CopyAsync(copy, tracker, cancellationToken));
                if (json)
                    await Terminal.SayJsonAsync(report.ToJson());
                else if (!isQuiet || report.Findings.Count > 0)
                    Print(report);
                return report.Findings.Count == 0 ? ExitCode.Complete : ExitCode.NotSound;
            },
            json, cancellationToken, "Interrupted. The copy is as far as it came. The next backup goes on from there.");

    public static Task<int> RestoreAsync(string? lake, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            await using CliServices services = CliServices.ForStore(lake);
            string here = services.Store.Location;
            await Terminal.SayAsync(await services.Get<ArchiveBackup>().TakeOverAsync(cancellationToken) is var (of, runId)
                ? $"{here} is no longer a copy: runs are accepted there. It ends with run {runId}. The next run reads what Kapso still "
                    + $"lists of the time since, and its manifest names the gap.{(of == here ? "" : $" Never run at {of} again.")}"
                : $"{here} is not marked as a copy, so there is nothing to take over. Nothing was changed.");
            return ExitCode.Complete;
        },
        json: false, cancellationToken, "Interrupted. Start it again at any time.");

    private static void Print(BackupReport report)
    {
        IAnsiConsole console = Terminal.OpenReport();
        if (report.Findings.Count > 0)
            console.Write(VerificationPrint.Table(report.Findings));
        console.WriteLine(Line($"Copied {Counts(report.Copied)}."));
        console.WriteLine(Line($"The copy at {report.Target} has {Counts(report.Holds)}, up to run {report.RunId}")
            + (report.FinishedAt is { } at ? Line($" of {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC.") : "."));
        if (report.Findings.Count > 0)
            console.WriteLine(Line($"{Quantity.Of(report.Findings.Count, "file is", "files are")} damaged and not copied. ")
                + "All others are. When what is named is put right, back up again.");
    }

    private static string Counts(BackupCounts counts) =>
        $"{Quantity.Of(counts.Runs, "run")}, {Quantity.Of(counts.Files, "file")}, {Quantity.Of(counts.Bytes, "byte")}";

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
