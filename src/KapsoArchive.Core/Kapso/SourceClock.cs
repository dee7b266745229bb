namespace KapsoArchive.Core.Kapso;

/// <summary>The source's clock, from the <c>Date</c> header of its newest answer. Thread-safe.</summary>
public sealed class SourceClock
{
    /// <summary>An earlier date is invalid: the API did not exist then.</summary>
    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private volatile Sighting? _newest;

    /// <summary>The source's current time, to about a second; null before the first date. Independent of this machine's clock
    /// settings.</summary>
    public DateTimeOffset? Now => _newest is { } seen ? seen.Date + Stopwatch.GetElapsedTime(seen.At) : null;

    /// <summary>Whether any answer has arrived, with or without a date.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>The date of an answer; null if it is absent or implausible, or if a cache may have stored the answer.</summary>
    internal static DateTimeOffset? DateOf(HttpResponseMessage answer) =>
        answer.Headers is { Age: null, Date: { } date } && date > Earliest && date < Latest ? date : null;

    internal void Observe(HttpResponseMessage answer)
    {
        HasAnswered = true;
        if (DateOf(answer) is { } date)
            _newest = new Sighting(date, Stopwatch.GetTimestamp());
    }

    private sealed record Sighting(DateTimeOffset Date, long At);
}
