using KapsoArchive.Core.Runs.Dispatch;
using KapsoArchive.Core.Runs.Queue;
using Microsoft.Azure.Functions.Worker;

namespace KapsoArchive.Functions;

/// <summary>Begins the nightly run, carries out what is in the queue, and marks what could not be carried out as failed.</summary>
public sealed class RunFunctions(NightlyTimer nightly, RunDriver driver)
{
    /// <summary>A timer is not tried again by itself: where the store does not answer, it is for a quarter of an hour.</summary>
    [Function("NightlyArchive")]
    [FixedDelayRetry(15, "00:01:00")]
    public Task NightlyArchiveAsync([TimerTrigger("%ArchiveSchedule%")] TimerInfo timer, CancellationToken cancellationToken) => nightly.DueAsync(timer.IsPastDue, cancellationToken);

    [Function("ExecuteRun")]
    public Task ExecuteRunAsync([QueueTrigger(RunMessage.QueueName)] string message, CancellationToken cancellationToken) => driver.HandleAsync(message, cancellationToken);

    [Function("FailPoisonedRun")]
    public Task FailPoisonedRunAsync([QueueTrigger(RunMessage.PoisonQueueName)] string message, CancellationToken cancellationToken) => driver.FailAsync(message, cancellationToken);
}
