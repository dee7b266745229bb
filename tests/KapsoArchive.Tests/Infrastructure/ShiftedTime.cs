namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A clock that shows another date and runs as the system's does.</summary>
internal sealed class ShiftedTime(DateTimeOffset now) : TimeProvider
{
    private TimeSpan _shift = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void Advance(TimeSpan by) => _shift += by;
}
