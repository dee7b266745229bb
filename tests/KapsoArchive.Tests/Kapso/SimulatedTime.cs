namespace KapsoArchive.Tests.Kapso;

/// <summary>
/// A clock that stands still while anything can be done and then jumps to the next timer. With <see cref="Run"/>, everything happens on one thread in one order, so that the same
/// seed gives the same figures on any machine.
/// </summary>
internal sealed class SimulatedTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<(Timer Timer, int Version), (long Due, long Order)> _timers = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work that waits for nothing but this clock, to its end.</summary>
    public void Run(Func<Task> work)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        var thread = new OneThread();
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            Task running = work();
            thread.RunAll();
            while (!running.IsCompleted)
            {
                JumpToNextTimer();
                thread.RunAll();
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void JumpToNextTimer()
    {
        while (true)
        {
            if (!_timers.TryDequeue(out var next, out var due))
                throw new InvalidOperationException("Everything waits, and no timer is set.");
            if (next.Version != next.Timer.Version)
                continue;
            _now = Math.Max(_now, due.Due);
            next.Timer.Fire();
            return;
        }
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
                throw new NotSupportedException("Only timers that fire once are simulated.");
            Version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time._timers.Enqueue((this, Version), (time._now + dueTime.Ticks, time._order++));
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private sealed class OneThread : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void RunAll()
        {
            while (_posted.TryDequeue(out var next))
                next.Callback(next.State);
        }
    }
}
