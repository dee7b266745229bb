using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Cli.Serve;

/// <summary>Processes the queue while the server runs, beginning with work that the previous server left unfinished.</summary>
internal sealed class PumpService(
    IServiceProvider services, IRunQueue queue, IOptions<ServeOptions> options, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pump = new RunPump(
            queue,
            options.Value.Workers,
            (message, token) => services.GetRequiredService<RunDriver>().HandleAsync(message, token),
            (message, token) => services.GetRequiredService<RunDriver>().FailAsync(message, token),
            time,
            logs.CreateLogger<RunPump>());
        await Task.WhenAll(TakeUpAsync(stoppingToken), pump.RunAsync(stoppingToken));
    }

    private async Task TakeUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryTakeUpAsync(stoppingToken))
                await Task.Delay(RetryPause, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next server continues it.
        }
    }

    private async Task<bool> TryTakeUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            await services.GetRequiredService<UnfinishedRuns>().QueueAllAsync(stoppingToken);
            return true;
        }
        catch (StoreException e)
        {
            ServeLog.NotTakenUp(logs.CreateLogger<PumpService>(), e);
            return false;
        }
    }
}
