using Azure;

namespace KapsoArchive.FunctionsHost.Queues;

/// <summary>Polls a queue: at once after a message, and ever more seldom while the queue is empty.</summary>
internal sealed class QueueListener(QueueTrigger trigger, HostFile settings, Waits waits, HostLog log) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private Task _listening = Task.CompletedTask;
    private int _idleLooks;

    /// <summary>How many looks in a row found nothing while no delivery was in progress.</summary>
    public int IdleLooks => _idleLooks;

    public void Start() => _listening = ListenAsync();

    /// <summary>Stops polling; deliveries in progress go on.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
    }

    /// <summary>Waits for the deliveries in progress.</summary>
    public Task EndAsync() => Task.WhenAll(_running);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        TimeSpan pause = ShortestPause;
        try
        {
            while (true)
            {
                _running.RemoveAll(t => t.IsCompletedSuccessfully);
                if (_running.Count > settings.NewBatchThreshold)
                {
                    await Task.WhenAny(_running).WaitAsync(_stopping.Token);
                    continue;
                }

                IReadOnlyList<Task> received = await ReceiveAsync();
                _running.AddRange(received);
                _idleLooks = _running.Count > 0 ? 0 : _idleLooks + 1;
                pause = received.Count > 0 ? ShortestPause : Shorter(pause * 2, settings.MaxPollingInterval);
                if (received.Count == 0)
                    await Task.Delay(waits.Cut(WaitKind.Poll, pause), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<IReadOnlyList<Task>> ReceiveAsync()
    {
        try
        {
            return await trigger.ReceiveAsync(settings.BatchSize, _stopping.Token);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            log.Add(LineSource.Host, "Error", $"The queue does not answer: {e.Message.Split('\n')[0]}");
            return [];
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
