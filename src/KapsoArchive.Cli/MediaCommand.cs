using KapsoArchive.Core.Inspection.Media;
using KapsoArchive.Core.Runs;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive media</c>: lists the files behind messages that the archive does not have, and tries to fetch them.</summary>
internal static class MediaCommand
{
    public const int Limit = 50;

    /// <param name="retry">Whether to try those that wait at once.</param>
    /// <param name="destination">The value of <c>--lake</c>; null to use the setting.</param>
    public static Task<int> ExecuteAsync(
        bool retry, int limit, string? destination, bool json, bool quiet, CancellationToken cancellationToken)
    {
        var tracker = new RunTracker();
        return Failure.ReportedAsync(
            async () =>
            {
                if (limit < 1)
                    throw new SettingException($"--limit is {limit}. Give a number of at least 1, for example --limit {Limit}.");
                await using CliServices services = CliServices.Create(CliSettings.Destination(destination), needsSource: retry);
                if (retry)
                    await RetryAsync(services, tracker, quiet, cancellationToken);
                MissingFiles files = await MissingFiles.ReadAsync(services.Store, cancellationToken);
                if (json)
                    await Terminal.SayJsonAsync(files.ToJson());
                else if (!quiet || files.Waiting > 0)
                    Print(files, limit, retry, destination);
                return ExitCode.Complete;
            },
            json, cancellationToken, tracker: tracker);
    }

    /// <summary>Runs until nothing is left untried. One run fetches some thousand files.</summary>
    private static async Task RetryAsync(CliServices services, RunTracker tracker, bool quiet, CancellationToken cancellationToken)
    {
        await MissingFiles.CheckArchiveAsync(services.Store, cancellationToken); // A run would make one.
        for (long untried = long.MaxValue; untried > 0;)
        {
            Manifest manifest = await RunCommand.ShowProgressAsync(quiet, tracker, () => services.Get<RunExecutor>().ExecuteAsync(
                RunRequest.OfFiles(services.Get<ProjectArchive>().DefaultFormats, "cli"), tracker, cancellationToken));
            if (manifest.Totals.Media is not { } totals || totals.Untried >= untried)
                return;
            untried = totals.Untried;
        }
    }

    private static void Print(MissingFiles files, int limit, bool wasTried, string? lake)
    {
        IAnsiConsole console = Terminal.OpenReport();
        console.WriteLine(VisibleText.Sentence(
            $"{Quantity.Of(files.Missing.Count + files.Untried, "file")} of messages missing, {files.Waiting:N0} of them waiting.")
            + $" As of run {files.Snapshot}.");
        if (files.Untried > 0)
            console.WriteLine(VisibleText.Sentence($"{Quantity.Of(files.Untried, "file")} not tried yet."));
        if (files.Missing.Count > 0)
            console.Write(TableOf(files.Missing.Take(limit)));
        if (files.Missing.Count > limit)
            console.WriteLine(VisibleText.Sentence($"… and {files.Missing.Count - limit:N0} more: see --limit."));
        string option = lake is null ? "" : $" --lake \"{VisibleText.Line(lake)}\"";
        if (files.Waiting > 0 && !wasTried)
            console.WriteLine($"Try them now: {ProgramName.ToType} media --retry{option}");
    }

    private static Table TableOf(IEnumerable<MissingFile> files)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("File", "Outcome", "Reason");
        table.AddColumn(new TableColumn("Attempts").RightAligned()).AddColumns("Conversation", "Message");
        foreach (MissingFile file in files)
        {
            table.AddRow(
                new Text(VisibleText.Line(file.FileName ?? file.ContentType ?? "")), new Text(file.Outcome),
                new Text(VisibleText.Line(file.Reason)), new Text(VisibleText.Sentence($"{file.Attempts:N0}")),
                new Text(VisibleText.Line(file.ConversationId)), new Text(VisibleText.Line(file.MessageId)));
        }

        return table;
    }
}
