using KapsoArchive.Core.Lake;
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
                await Terminal.TellAsync(
                    $"The list has {request.Conversations.Duplicates} repeated ids; each conversation is archived once.");

            Manifest manifest = await LockBreaking.DoAsync(
                services.Store, arguments.BreakLock, () =>
                    RunProgress.ShowAsync(arguments.Quiet, tracker, () => request.Kind == RunKind.Export
                    ? services.Executor.ExportAsync(request, tracker, cancellationToken)
                    : services.Executor.ExecuteAsync(request, tracker, cancellationToken)), cancellationToken);
            await ManifestPrint.PrintAsideAsync(tracker, manifest, services.Store.Remark);
            if (arguments.Json)
                await Terminal.SayJsonAsync(manifest.ToJson());
            else
                ManifestPrint.Print(manifest, Location(services.Store, manifest));
            return manifest.Status == nameof(RunStatus.Succeeded) ? ExitCode.Complete : ExitCode.NotComplete;
        }
        catch (Exception e)
        {
            return await Failure.ReportAsync(e, tracker, arguments.Json, cancellationToken);
        }
    }

    private static string Location(IStore store, Manifest manifest) =>
        manifest.IsExport ? $"{store.LocationOf(StoreArea.Exports)}/{manifest.RunId}" : store.Location;
}
