namespace KapsoArchive.Sandbox.Data;

/// <summary>The creation times of a conversation's messages. Each is a random moment in a slot of its own, so the times strictly increase,
/// except for deliberate ties.</summary>
internal sealed class Timeline
{
    /// <summary>The latest time in the data. Fixed, because the sandbox serves the same bytes on any day.</summary>
    private static readonly DateTime End = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    private const long LongestSpan = 3L * 365 * 24 * 60 * 60 * 1000;

    private readonly ulong _key;
    private readonly long _count;
    private readonly long _start;
    private readonly long _slot;
    private readonly int _tiesOf;

    public Timeline(ulong key, long count, int tiesOf)
    {
        _key = key;
        _tiesOf = tiesOf;
        _count = Math.Max(1, count);
        // Inactive for up to 400 days, most for only a few; one message every 5 seconds to every 11 hours.
        double quiet = Math.Pow(Scramble.Fraction(Scramble.Bits(key, 1)), 3) * TimeSpan.FromDays(400).TotalMilliseconds;
        _slot = Math.Clamp(5_000L << Scramble.Below(Scramble.Bits(key, 2), 14), 1, LongestSpan / _count);
        _start = End.Ticks / TimeSpan.TicksPerMillisecond - (long)quiet - _slot * _count;
    }

    /// <summary>Later than every created_at and updated_at in the data.</summary>
    public static DateTimeOffset Now => new(End.AddDays(2));

    public bool HasTies => _tiesOf > 1;

    public DateTime Last => At(_count - 1);

    /// <summary>The creation time of a message, to the millisecond; the record adds any finer digits.</summary>
    public DateTime At(long index)
    {
        index -= index % _tiesOf;
        long milliseconds = _start + _slot * index + Scramble.Below(Scramble.Bits(_key, (ulong)index), _slot);
        return new DateTime(milliseconds * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }
}
