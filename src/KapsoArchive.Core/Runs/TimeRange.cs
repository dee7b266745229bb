namespace KapsoArchive.Core.Runs;

/// <summary>A span of time that holds its beginning and not its end.</summary>
/// <param name="From">Null for no beginning.</param>
/// <param name="To">Null for no end.</param>
public sealed record TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    public static TimeRange All { get; } = new(null, null);

    public bool IsAll => From is null && To is null;

    /// <param name="micros">Microseconds since 1970-01-01 UTC. A message without a time lies in no span but that of all times.</param>
    internal bool Holds(long? micros) =>
        IsAll || (micros is { } time && !(time < Micros(From)) && !(time >= Micros(To)));

    private static long? Micros(DateTimeOffset? time) => time is { } value ? Lake.Timestamp.ToMicros(value) : null;
}
