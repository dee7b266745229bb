namespace KapsoArchive.Functions;

/// <summary>Reports at the start what is wrong with a setting that only the start reads.</summary>
internal sealed class StartReport(ILogger<StartReport> log, SettingException problem) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        FunctionLogs.WithoutTelemetry(log, problem);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
