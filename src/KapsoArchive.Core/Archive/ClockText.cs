namespace KapsoArchive.Core.Archive;

/// <summary>Formats times and time differences in words.</summary>
internal static class ClockText
{
    /// <summary>What to report of a run id that lies in the future; null if it does not.</summary>
    public static string? OfIdAhead(string runId, DateTimeOffset present) =>
        Layout.TimeOf(runId) is { } time && time - present > PresentTime.Tolerance
            ? $"The id {runId} is {Of(time - present)} ahead, because a clock was wrong when it or an earlier id was made. New ids follow "
                + $"it until {Of(time)}; archived_at and snapshot_date are right, and nothing is missing."
            : null;

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Formats a difference in the largest unit of which it has at least two.</summary>
    public static string Of(TimeSpan difference)
    {
        TimeSpan span = difference.Duration();
        (double number, string unit) = span.TotalDays >= 2 ? (span.TotalDays, "days")
            : span.TotalHours >= 2 ? (span.TotalHours, "hours")
            : (span.TotalMinutes, "minutes");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(number):N0} {unit}");
    }
}
