using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Runs.Records;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive run</c> and <c>kapso-archive export</c>.</summary>
internal static class RunCommand
{
    public static async Task<int> ExecuteAsync(RunArguments arguments, CancellationToken cancellationToken)
    {
        var tracker = new RunTracker();
        try
        {
            await using CliServices services = CliServices.Create(arguments.Overrides());
            RunRequest request = arguments.ToRequest(services.Archive);
            if (request.Conversations.Duplicates > 0)
                await Console.Error.WriteLineAsync($"The list repeats ids ({request.Conversations.Duplicates} entries too many); each conversation is archived once.");

            Manifest manifest = await RunProgress.ShowAsync(arguments.Quiet, tracker, () => request.Kind == RunKind.Export
                ? services.Executor.ExportAsync(request, tracker, cancellationToken)
                : services.Executor.ExecuteAsync(request, tracker, cancellationToken));
            await RunReport.PrintAsideAsync(tracker, manifest);
            if (arguments.Json)
                await Console.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(manifest.ToJson()));
            else
                RunReport.Print(manifest, Location(services.Store, manifest));
            return manifest.Status == nameof(RunStatus.Succeeded) ? ExitCode.Complete : ExitCode.NotComplete;
        }
        catch (Exception e)
        {
            return await Failure.ReportAsync(e, tracker, arguments.Json, cancellationToken);
        }
    }

    private static string Location(IStore store, Manifest manifest) =>
        manifest.Kind == "export" ? $"{store.LocationOf(StoreArea.Exports)}/{manifest.RunId}" : store.Location;
}
