namespace KapsoArchive.Mcp.Tools;

/// <summary>Parameters that several tools have.</summary>
internal static class SharedParameters
{
    public static TextParameter Zone { get; } = new(
        "zone", "Time zone of the reader, such as America/Lima. Times are then shown in it too, and dates of from and to mean its "
        + "midnight. UTC if absent.");

    public static TextParameter From { get; } = new(
        "from", "Only messages created at this time or later: a date (2026-03-01), or a time with its offset (2026-03-01T09:30:00Z).");

    public static TextParameter To { get; } = new("to", "Only messages created before this time, in the form of from.");

    public static TextParameter Direction { get; } = new(
        "direction", "inbound: only messages of the customer. outbound: only messages of the business.")
    {
        Choices = ExportChoice.KnownDirections,
    };

    /// <exception cref="SettingException">There is no such zone.</exception>
    public static ReadingZone ZoneOf(ToolArguments arguments) => Zone.Of(arguments) is not { } name
        ? ReadingZone.Utc
        : ReadingZone.Find(name) ?? throw new SettingException(ReadingZone.Objection(name));

    /// <summary>The range of <see cref="From"/> and <see cref="To"/>.</summary>
    /// <exception cref="SettingException">One of them is not a time, or they are in the wrong order.</exception>
    public static TimeRange RangeOf(ToolArguments arguments, ReadingZone zone)
    {
        var range = new TimeRange(TimeOf(From, arguments, zone), TimeOf(To, arguments, zone));
        return range.From >= range.To ? throw new SettingException($"{From.Name} must be before {To.Name}.") : range;
    }

    private static DateTimeOffset? TimeOf(TextParameter parameter, ToolArguments arguments, ReadingZone zone) =>
        parameter.Of(arguments) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? zone.StartOf(date)
        : TimeRange.Parse(text, parameter.Name, null, "").From;
}
