using System.Collections.Concurrent;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Api;

/// <summary>A queue that keeps what was sent for the test to look at, and to deliver.</summary>
internal sealed class RecordingQueue : IWaker
{
    private readonly ConcurrentQueue<RunMessage> _messages = new();
    private readonly ConcurrentQueue<RunMessage> _givenUp = new();

    public IReadOnlyCollection<RunMessage> Messages => _messages;

    /// <summary>What the operator was told to have been given up.</summary>
    public IReadOnlyCollection<RunMessage> GivenUp => _givenUp;

    /// <summary>How long the newest message is to stay hidden.</summary>
    public TimeSpan Delay { get; private set; }

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

    public Task WakeAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new StoreException("The queue https://secret.queue.invalid cannot be reached, as the test wants it.");
        _messages.Enqueue(message);
        Delay = delay;
        return Task.CompletedTask;
    }

    public Task ReportGivenUpAsync(RunMessage message, CancellationToken cancellationToken)
    {
        _givenUp.Enqueue(message);
        return Task.CompletedTask;
    }

    public bool TryTake(out RunMessage? message) => _messages.TryDequeue(out message);
}
