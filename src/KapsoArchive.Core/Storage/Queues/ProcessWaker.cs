namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Wakes the worker of this process. The journals say when work is due, so delays are ignored.</summary>
public sealed class ProcessWaker : IWaker
{
    private TaskCompletionSource _next = NewWake();

    /// <summary>Completes at the next wake-up. Get it before looking at the journals, so that no wake-up is missed.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WakeAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _next, NewWake()).TrySetResult();
        return Task.CompletedTask;
    }

    public Task ReportGivenUpAsync(RunMessage message, CancellationToken cancellationToken) => Task.CompletedTask;

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
