using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive status</c>.</summary>
internal static class StatusCommand
{
    private const int MostListed = 20;

    public static Task<int> ExecuteAsync(
        string? run, bool all, string? destination, bool json, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            await using CliServices services = CliServices.ForStore(destination);
            if (run is null)
                await ShowAllAsync(services, all, json, cancellationToken);
            else
                await ShowOneAsync(services, run, json, cancellationToken);
            return ExitCode.Complete;
        },
        json, cancellationToken, "Interrupted.");

    private static async Task ShowAllAsync(CliServices services, bool all, bool json, CancellationToken cancellationToken)
    {
        StatusReport report = await services.Get<ArchiveStatus>().ReadAsync(all ? null : MostListed, cancellationToken);
        if (json)
            await Terminal.SayJsonAsync(report.ToJson());
        else
            StatusPrint.Print(report, services.Store.Location);
    }

    private static async Task ShowOneAsync(CliServices services, string typed, bool json, CancellationToken cancellationToken)
    {
        RunSummary run = await services.Get<ArchiveStatus>().FindAsync(typed, cancellationToken);
        if (json)
            await Terminal.SayJsonAsync(run.ToJson());
        else
            StatusPrint.Print(run, services.Store.Location);
    }
}
