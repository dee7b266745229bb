namespace KapsoArchive.Tests.Infrastructure;

/// <summary>The system's clock, on which a slice of <see cref="Duration"/> ends when a test says so.</summary>
internal sealed class SliceEnds : TimeProvider
{
    /// <summary>For <c>Archive:SliceDuration</c>: no other timer takes so many whole minutes. A slice after one without progress takes a
    /// multiple.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(17);

    private Action _end = static () => { };

    /// <summary>Ends the present slice.</summary>
    public void End() => Volatile.Read(ref _end)();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= Duration && dueTime.Ticks % Duration.Ticks == 0)
            Volatile.Write(ref _end, () => callback(state));
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
