using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace KapsoArchive.Functions;

/// <summary>Begins the nightly run, carries out what is in the queue, and marks what could not be carried out as failed.</summary>
/// <param name="services">Asked when a trigger fires: settings that are wrong fail that call, in words, and not the host's start.</param>
public sealed class RunFunctions(IServiceProvider services)
{
    /// <summary>A timer is not tried again by itself: where the store does not answer, it is for a quarter of an hour.</summary>
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
