namespace KapsoArchive.Benchmarks.Children;

/// <summary>The system's clock, some time ahead.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
