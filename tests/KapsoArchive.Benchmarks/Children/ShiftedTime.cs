namespace KapsoArchive.Benchmarks.Children;

/// <summary>A clock that runs as the system's does, from another moment on.</summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan _shift = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
}
