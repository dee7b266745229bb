using System.Threading.Channels;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>A queue within this process, for a folder store. It ends with the process; the runs' journals remain.</summary>
internal sealed class ChannelRunQueue(TimeProvider timeProvider) : IRunQueue
{
    private readonly Channel<Due> _due = Channel.CreateUnbounded<Due>();

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        Enqueue(new Due(message, Attempt: 1), delay);
        return Task.CompletedTask;
    }

    public async Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken) =>
        new Delivery(this, await _due.Reader.ReadAsync(cancellationToken));

    private void Enqueue(Due due, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            _ = EnqueueLaterAsync(due, delay);
        else
            _due.Writer.TryWrite(due); // An unbounded channel accepts every item.
    }

    private async Task EnqueueLaterAsync(Due due, TimeSpan delay)
    {
        await Task.Delay(delay, timeProvider);
        _due.Writer.TryWrite(due);
    }

    private sealed record Due(RunMessage Message, int Attempt);

    private sealed class Delivery(ChannelRunQueue queue, Due due) : RunDelivery(due.Message, due.Attempt)
    {
        private int _ended;

        public override Task CompleteAsync(CancellationToken cancellationToken)
        {
            TryEnd();
            return Task.CompletedTask;
        }

        public override Task RetryAsync(TimeSpan delay, CancellationToken cancellationToken)
        {
            GiveBack(delay);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            GiveBack(TimeSpan.Zero);
            return ValueTask.CompletedTask;
        }

        private void GiveBack(TimeSpan delay)
        {
            if (TryEnd())
                queue.Enqueue(due with { Attempt = due.Attempt + 1 }, delay);
        }

        private bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;
    }
}
