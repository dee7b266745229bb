namespace KapsoArchive.Mcp.Tools;

/// <summary>Parameters that several tools have.</summary>
internal static class SharedParameters
{
    public static TextParameter Zone { get; } = new(
        "zone", "Time zone of the reader, such as America/Lima. Times are then shown in it too, and dates of from and to mean its "
        + "midnight. UTC if absent.");

    public static TextParameter From { get; } = new(
        "from", "Only messages created at this time or later: a date (2026-03-01) or a time (2026-03-01T09:30:00Z).");

    public static TextParameter To { get; } = new("to", "Only messages created before this time, in the form of from.");

    public static TextParameter Direction { get; } = new(
        "direction", "inbound: only messages of the customer. outbound: only messages of the business.")
    {
        Choices = ["inbound", "outbound"],
    };

    public static TextParameter Type { get; } = new(
        "type", "Only messages of this type, such as text, image, audio, document, template; several with commas between.");

    /// <summary>The range of <see cref="From"/> and <see cref="To"/>.</summary>
    /// <exception cref="SettingException">One of them is not a time, or they are in the wrong order.</exception>
    public static TimeRange RangeOf(ToolArguments arguments, ReaderZone zone) =>
        TimeRange.Parse(zone.ToUtc(From.Of(arguments)), From.Name, zone.ToUtc(To.Of(arguments)), To.Name);

    public static IReadOnlyCollection<string> TypesOf(ToolArguments arguments) =>
        Type.Of(arguments)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
