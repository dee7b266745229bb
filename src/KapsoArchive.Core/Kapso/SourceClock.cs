using System.Diagnostics;

namespace KapsoArchive.Core.Kapso;

/// <summary>The source's clock, as the <c>Date</c> of its newest answer shows it. Safe to use from any thread.</summary>
public sealed class SourceClock
{
    /// <summary>A date before this one is no clock: the API did not exist.</summary>
    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private volatile Sighting? _newest;

    /// <summary>The source's time now, to about a second; null if no answer has shown one. No setting of this machine's clock changes
    /// it.</summary>
    public DateTimeOffset? Now => _newest is { } seen ? seen.Date + Stopwatch.GetElapsedTime(seen.At) : null;

    /// <summary>Whether an answer has come, with or without a date.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>The time that an answer shows; null if it shows none that can be true, or if a cache may have kept it.</summary>
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
