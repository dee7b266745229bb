namespace KapsoArchive.Core.Archive;

/// <summary>A range of time that includes its beginning and excludes its end.</summary>
/// <param name="From">Null for no beginning.</param>
/// <param name="To">Null for no end.</param>
public sealed record TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly string[] WithOffset =
    [
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public static TimeRange All { get; } = new(null, null);

    public bool IsAll => From is null && To is null;

    /// <summary>Parses both ends as users write them: ISO 8601 with an offset, such as <c>2026-03-01T00:00:00Z</c>, or only a date, which
    /// means midnight UTC.</summary>
    /// <param name="from">Null or empty for no beginning.</param>
    /// <param name="fromName">The name of the option or field, for the error.</param>
    /// <param name="to">Null or empty for no end.</param>
    /// <param name="toName">Likewise.</param>
    /// <exception cref="SettingException">One end is invalid, or the beginning is not before the end.</exception>
    public static TimeRange Parse(string? from, string fromName, string? to, string toName)
    {
        var range = new TimeRange(Parse(from, fromName), Parse(to, toName));
        return range.From >= range.To
            ? throw new SettingException(
                $"{fromName} ({from}) must be before {toName} ({to}): messages from {fromName} on and before {toName} are exported.")
            : range;
    }

    /// <summary>Parses only ISO 8601 with an offset, such as <c>2026-03-01T00:00:00Z</c>: dates without a time are for people, not for
    /// programs.</summary>
    public static bool TryParseWithOffset(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <param name="micros">Microseconds since 1970-01-01 UTC. A message without a time is only in the range of all times.</param>
    internal bool Holds(long? micros) =>
        IsAll || (micros is { } time && !(time < Micros(From)) && !(time >= Micros(To)));

    private static DateTimeOffset? Parse(string? text, string name)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        string value = text.Trim();
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return TryParseWithOffset(value, out DateTimeOffset time)
            ? time
            : throw new SettingException(
                $"{name}: \"{Printable(value)}\" is not a time. Write ISO 8601 with an offset, "
                    + "for example 2026-03-01T00:00:00Z or 2026-03-01T00:00:00+01:00, or a date, 2026-03-01.");
    }

    private static string Printable(string text) => VisibleText.PrintedLine(text[..Math.Min(text.Length, 64)]);

    private static long? Micros(DateTimeOffset? time) => time is { } value ? Timestamp.ToMicros(value) : null;
}
