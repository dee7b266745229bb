using System.Collections.Concurrent;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Api;

/// <summary>A queue that keeps what was sent for the test to look at, and to deliver.</summary>
internal sealed class RecordingQueue : IRunQueue
{
    private readonly ConcurrentQueue<RunMessage> _messages = new();

    public IReadOnlyCollection<RunMessage> Messages => _messages;

    /// <summary>How often it was asked whether it can be reached.</summary>
    public int Prepared { get; private set; }

    /// <summary>What happens when it is asked whether it can be reached.</summary>
    public Func<CancellationToken, Task> OnPrepare { get; set; } = _ => Task.CompletedTask;

    public bool IsBroken { get; set; }

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Prepared++;
        return OnPrepare(cancellationToken);
    }

    public Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new StoreException("The queue https://secret.queue.invalid cannot be reached, as the test wants it.");
        _messages.Enqueue(message);
        return Task.CompletedTask;
    }

    public Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken) => throw new NotSupportedException("The test delivers.");

    public bool TryTake(out RunMessage? message) => _messages.TryDequeue(out message);
}
