using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Takes the next message from a queue, for one worker after the other, and outlasts the queue's outages.</summary>
internal sealed class RunIntake(IRunQueue queue, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // One asks at a time: a queue that is empty is asked no more often for the number of workers.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private DateTimeOffset? _failingSince;
    private TimeSpan _pause = FirstPause;
    private bool _isPrepared;

    /// <summary>Since when the queue cannot be reached; null where it can, as far as is known.</summary>
    public DateTimeOffset? FailingSince
    {
        get
        {
            lock (_lock)
                return _failingSince;
        }
    }

    /// <exception cref="OperationCanceledException">Stopping; the only one.</exception>
    public async Task<RunDelivery> NextAsync(CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            while (true)
            {
                try
                {
                    return await TakeAsync(stopping);
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    Failed(exception);
                }
                await Task.Delay(_pause, timeProvider, stopping);
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<RunDelivery> TakeAsync(CancellationToken stopping)
    {
        if (!_isPrepared)
        {
            // After an outage as well: it tells that the queue is back before there is a message, and makes one anew that was deleted.
            await queue.PrepareAsync(stopping);
            _isPrepared = true;
            Recovered();
        }
        RunDelivery delivery = await queue.ReceiveAsync(stopping);
        _pause = FirstPause;
        return delivery;
    }

    private void Failed(Exception exception)
    {
        _isPrepared = false;
        if (FailingSince is not null)
            return;
        lock (_lock)
            _failingSince = timeProvider.GetUtcNow();
        QueueLog.Unreachable(logger, exception);
    }

    private void Recovered()
    {
        if (FailingSince is not { } since)
            return;
        lock (_lock)
            _failingSince = null;
        QueueLog.Reachable(logger, timeProvider.GetUtcNow() - since);
    }
}
