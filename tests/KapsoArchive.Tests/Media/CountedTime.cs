using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Media;

/// <summary>A clock that the test moves, and that counts how often timers are set, so that a test knows when to move it.</summary>
internal sealed class CountedTime : FakeTimeProvider
{
    private int _settings;

    public int Settings => Volatile.Read(ref _settings);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new CountedTimer(base.CreateTimer(callback, state, dueTime, period), () => Interlocked.Increment(ref _settings));

    private sealed class CountedTimer(ITimer timer, Action set) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            set();
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
