using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Kapso;

/// <summary>A clock that stands still and tells how long the code under test means to wait. The time-out of an attempt is told apart, by its length.</summary>
internal sealed class WaitingClock(TimeSpan attemptTimeout) : FakeTimeProvider(Midnight)
{
    public static readonly DateTimeOffset Midnight = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<TimeSpan> _attempts = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The next pause that was begun and not told yet; it ends when the clock is advanced by that much.</summary>
    public async Task<TimeSpan> NextWaitAsync(CancellationToken cancellationToken) => await _waits.Reader.ReadAsync(cancellationToken);

    /// <summary>Waits until an attempt, with its time-out, has begun.</summary>
    public async Task NextAttemptAsync(CancellationToken cancellationToken) => await _attempts.Reader.ReadAsync(cancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ToldTimer(base.CreateTimer(callback, state, dueTime, period), Tell);
        Tell(dueTime);
        return timer;
    }

    private void Tell(TimeSpan dueTime)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
            (dueTime == attemptTimeout ? _attempts : _waits).Writer.TryWrite(dueTime);
    }

    /// <summary>A timer that may be set after it was made, as that of a cancellation is.</summary>
    private sealed class ToldTimer(ITimer timer, Action<TimeSpan> tell) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            tell(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
