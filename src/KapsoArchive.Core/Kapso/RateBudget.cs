namespace KapsoArchive.Core.Kapso;

/// <summary>Delays each request to the source until the key's rate limit has room, in order of arrival. One per key, because the key has
/// one limit.</summary>
public sealed class RateBudget : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _began;
    private readonly long _beganAt;
    private readonly RateLedger _ledger;
    private readonly LinkedList<TaskCompletionSource<RatePermit>> _waiters = new();
    private readonly ITimer _timer;
    private DateTimeOffset? _waitingSince;

    internal RateBudget(KapsoOptions options, TimeProvider time)
    {
        _time = time;
        _began = time.GetUtcNow();
        _beganAt = time.GetTimestamp();
        _ledger = new RateLedger(new RateLimits(options.RateShare, options.RequestsPerMinute, options.RateWindow), _began);
        _timer = time.CreateTimer(static budget => ((RateBudget)budget!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The current state of the budget.</summary>
    public RateBudgetState State
    {
        get
        {
            lock (_lock)
            {
                DateTimeOffset now = Now();
                _ledger.Advance(now);
                return new RateBudgetState(
                    _ledger.Limit, _ledger.Remaining, _ledger.Allowance, _ledger.Sent, _ledger.InFlight,
                    _waiters.Count, _waitingSince, _waiters.Count > 0 ? _ledger.NextChange(now) : null);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Returns when one request may be sent. Settle its permit with one of the methods below.</summary>
    internal async Task<RatePermit> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<RatePermit>> waiter;
        lock (_lock)
        {
            waiter = _waiters.AddLast(new TaskCompletionSource<RatePermit>(TaskCreationOptions.RunContinuationsAsynchronously));
            LetGo(Now());
        }

        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Leave(waiter, cancellationToken));
        return await waiter.Value.Task;
    }

    /// <summary>Reports that an answer arrived.</summary>
    internal void Receive(RatePermit permit, HttpResponseMessage response)
    {
        var answer = RateAnswer.From(response, _time);
        Settle(now => _ledger.Receive(permit, answer, now));
    }

    /// <summary>Reports that the request was sent but no answer arrived.</summary>
    internal void Lose(RatePermit permit) => Settle(now => _ledger.Lose(permit, now));

    /// <summary>Reports that the request was not sent.</summary>
    internal void TakeBack(RatePermit permit) => Settle(_ => _ledger.TakeBack(permit));

    private void Settle(Action<DateTimeOffset> settle)
    {
        lock (_lock)
        {
            DateTimeOffset now = Now();
            settle(now);
            LetGo(now);
        }
    }

    private void Wake()
    {
        lock (_lock)
            LetGo(Now());
    }

    private void LetGo(DateTimeOffset now)
    {
        _ledger.Advance(now);
        while (_waiters.First is { } first && _ledger.MaySend(now))
        {
            _waiters.RemoveFirst();
            first.Value.SetResult(_ledger.Send(now));
        }

        if (_waiters.Count == 0)
        {
            _waitingSince = null;
            return;
        }

        _waitingSince ??= now;
        // Timers count whole milliseconds and must not fire early.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling((_ledger.NextChange(now) - now).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void Leave(LinkedListNode<TaskCompletionSource<RatePermit>> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.List is null)
                return; // Already released.
            _waiters.Remove(waiter);
            if (_waiters.Count == 0)
                _waitingSince = null;
        }

        waiter.Value.SetCanceled(cancellationToken);
    }

    /// <summary>This process's clock: correct at the start and steady from then on, even if the machine's clock is changed.</summary>
    private DateTimeOffset Now() => _began + _time.GetElapsedTime(_beganAt);
}
