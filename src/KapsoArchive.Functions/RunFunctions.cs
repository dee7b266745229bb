using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Functions;

/// <summary>Starts the nightly run, and carries out what the journals say is due.</summary>
/// <param name="services">Resolved when a trigger fires: a wrong setting fails that call with a message, not the host's start.</param>
public sealed class RunFunctions(IServiceProvider services)
{
    /// <summary>Timers are not retried by the host, so this retries for 15 minutes if the store does not answer.</summary>
    [Function("NightlyArchive")]
    [FixedDelayRetry(15, "00:01:00")]
    public Task NightlyArchiveAsync([TimerTrigger("%ArchiveSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        WithSettingsAsync(() => services.GetRequiredService<NightlyDesk>().DueAsync(timer.IsPastDue, cancellationToken));

    [Function("ExecuteRun")]
    public Task ExecuteRunAsync([QueueTrigger(RunMessage.QueueName)] string message, CancellationToken cancellationToken) =>
        WithSettingsAsync(() => services.GetRequiredService<RunsInHand>().DoAsync(
            (interruption, abandoned) => services.GetRequiredService<RunWorker>().HandleAsync(message, interruption, abandoned),
            cancellationToken));

    /// <summary>Wakes a worker at the app's start and every ten minutes if something is left to do: a wake-up may have been lost.</summary>
    [Function("ResumeRuns")]
    public Task ResumeRunsAsync(
        [TimerTrigger("0 */10 * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
        WithSettingsAsync(() => services.GetRequiredService<RunWorker>().ResumeAsync(cancellationToken));

    /// <summary>Attempts are counted in the run's journal, so a message that the app could not handle only wakes a worker again.</summary>
    [Function("FailPoisonedRun")]
    public Task FailPoisonedRunAsync(
        [QueueTrigger(RunMessage.PoisonQueueName)] string message, CancellationToken cancellationToken) =>
        WithSettingsAsync(() => services.GetRequiredService<RunWorker>().DropAsync(message, cancellationToken));

    /// <summary>A wrong setting is logged once and not retried: it does not go away by itself, and the journals keep what is
    /// due.</summary>
    private async Task WithSettingsAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SettingException e)
        {
            FunctionLogs.Misconfigured(services.GetRequiredService<ILogger<RunFunctions>>(), e);
        }
    }
}
