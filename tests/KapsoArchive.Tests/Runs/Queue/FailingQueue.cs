using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Runs.Queue;

/// <summary>A real queue that cannot be reached for as long as the test wants it.</summary>
internal sealed class FailingQueue(IRunQueue inner) : IRunQueue
{
    public bool IsDown { get; set; }

    /// <summary>What is handed out in place of the real delivery.</summary>
    public Func<RunDelivery, RunDelivery> Deliver { get; init; } = delivery => delivery;

    public Task PrepareAsync(CancellationToken cancellationToken) => Step(() => inner.PrepareAsync(cancellationToken));

    public Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken) => Step(() => inner.SendAsync(message, delay, cancellationToken));

    public async Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken)
    {
        await Step(() => Task.CompletedTask);
        return Deliver(await inner.ReceiveAsync(cancellationToken));
    }

    private Task Step(Func<Task> call) => IsDown ? throw new StoreException("The queue is gone, as the test wants it.") : call();
}
