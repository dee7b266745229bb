using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Takes the next message from a queue for one worker after another, and waits out the queue's outages.</summary>
internal sealed class RunIntake(IRunQueue queue, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // One request at a time, so that more workers do not poll an empty queue more often.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private DateTimeOffset? _failingSince;
    private TimeSpan _pause = FirstPause;
    private bool _isPrepared;

    /// <summary>Since when the queue has been out of reach; null if it is reachable as far as known.</summary>
    public DateTimeOffset? FailingSince
    {
        get
        {
            lock (_lock)
                return _failingSince;
        }
    }

    /// <exception cref="OperationCanceledException">Stopping. The only exception.</exception>
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
            // Also after an outage: this detects the queue's return before a message arrives, and creates a deleted queue again.
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
