using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Holds every request to the source back until the key's rate limit has room for it, first come, first served. There is one in a process, because the limit is one.
/// </summary>
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

    internal RateBudget(IOptions<KapsoOptions> options, TimeProvider time)
    {
        KapsoOptions kapso = options.Value;
        _time = time;
        _began = time.GetUtcNow();
        _beganAt = time.GetTimestamp();
        _ledger = new RateLedger(new RateLimits(kapso.RateShare, kapso.RequestsPerMinute, kapso.RateWindow), _began);
        _timer = time.CreateTimer(static budget => ((RateBudget)budget!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How the budget stands now.</summary>
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

    /// <summary>Returns when one request may be sent. Its permit must be settled by one of the methods below.</summary>
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

    /// <summary>An answer came.</summary>
    internal void Receive(RatePermit permit, HttpResponseMessage response)
    {
        var answer = RateAnswer.From(response, _time);
        Settle(now => _ledger.Receive(permit, answer, now));
    }

    /// <summary>The request was sent, and no answer came.</summary>
    internal void Lose(RatePermit permit) => Settle(now => _ledger.Lose(permit, now));

    /// <summary>The request was not sent.</summary>
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
        // Timers count whole milliseconds, and none may fire too early.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling((_ledger.NextChange(now) - now).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void Leave(LinkedListNode<TaskCompletionSource<RatePermit>> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.List is null)
                return; // It was let go.
            _waiters.Remove(waiter);
            if (_waiters.Count == 0)
                _waitingSince = null;
        }

        waiter.Value.SetCanceled(cancellationToken);
    }

    /// <summary>This process's clock: right when it began, and steady since, whatever is done to the machine's.</summary>
    private DateTimeOffset Now() => _began + _time.GetElapsedTime(_beganAt);
}
