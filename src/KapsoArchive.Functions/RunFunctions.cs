using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Functions;

/// <summary>Starts the nightly run, processes the queue, and marks poison messages as failed.</summary>
/// <param name="services">Resolved when a trigger fires: a wrong setting fails that call with a message, not the host's start.</param>
public sealed class RunFunctions(IServiceProvider services)
{
    /// <summary>Timers are not retried by the host, so this retries for 15 minutes if the store does not answer.</summary>
    [Function("NightlyArchive")]
    [FixedDelayRetry(15, "00:01:00")]
    public Task NightlyArchiveAsync([TimerTrigger("%ArchiveSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.GetRequiredService<NightlyTimer>().DueAsync(timer.IsPastDue, cancellationToken);

    [Function("ExecuteRun")]
    public Task ExecuteRunAsync([QueueTrigger(RunMessage.QueueName)] string message, CancellationToken cancellationToken) =>
        services.GetRequiredService<RunDriver>().HandleAsync(message, cancellationToken);

    [Function("FailPoisonedRun")]
    public Task FailPoisonedRunAsync([QueueTrigger(RunMessage.PoisonQueueName)] string message, CancellationToken cancellationToken) =>
        services.GetRequiredService<RunDriver>().FailAsync(message, cancellationToken);
}
