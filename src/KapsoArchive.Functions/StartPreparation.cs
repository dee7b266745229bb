using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Functions;

/// <summary>Creates missing containers and queues when the app starts, so that a new storage account reads as an empty archive.</summary>
internal sealed class StartPreparation(IServiceProvider services, ILogger<StartPreparation> log) : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The first answer of the app does not wait for this.
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                await services.GetRequiredService<IStore>().PrepareAsync(stoppingToken);
                await services.GetRequiredService<IWaker>().PrepareAsync(stoppingToken);
                return;
            }
            catch (SettingException e)
            {
                FunctionLogs.Misconfigured(log, e);
                return;
            }
            catch (StoreException e)
            {
                if (isFirst)
                    FunctionLogs.NotPrepared(log, e);
            }

            await Task.Delay(RetryPause, stoppingToken);
        }
    }
}
