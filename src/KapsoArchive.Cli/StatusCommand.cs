using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive status</c>.</summary>
internal static class StatusCommand
{
    private const int MostListed = 20;

    public static Task<int> ExecuteAsync(
        string? run, bool all, string? maxAge, string? destination, bool json, bool isQuiet, CancellationToken cancellationToken) =>
        Failure.ReportedAsync(
        async () =>
        {
            if (run is not null && maxAge is not null)
                throw new SettingException("--run and --max-age are both given. Keep one.");
            TimeSpan? most = maxAge is null ? null : SpanText.Parse(maxAge, "--max-age");
            await using CliServices services = CliServices.ForStore(destination);
            if (run is null)
                return await ShowAllAsync(services, all, most, json, isQuiet, cancellationToken);
            await ShowOneAsync(services, run, json, cancellationToken);
            return ExitCode.Complete;
        },
        json, cancellationToken, "Interrupted.");

    private static async Task<int> ShowAllAsync(
        CliServices services, bool all, TimeSpan? maxAge, bool json, bool isQuiet, CancellationToken cancellationToken)
    {
        StatusReport report = await services.Get<ArchiveStatus>().ReadAsync(all ? null : MostListed, cancellationToken);
        if (json)
            await Terminal.SayJsonAsync(report.ToJson());
        else if (!isQuiet)
            StatusPrint.Print(report, services.Store.Location);
        if (maxAge is not { } most || report.Overdue(most) is not { } overdue)
            return ExitCode.Complete;
        if (!isQuiet)
            await Terminal.TellAsync(overdue);
        return ExitCode.Overdue;
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
