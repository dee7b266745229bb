namespace KapsoArchive.Core.Archive;

/// <summary>Time spans as people read and write them.</summary>
public static class SpanText
{
    /// <summary>In at most two units: <c>3 d 4 h</c>, <c>5 h 12 min</c>, <c>7 min</c>.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Line($"{span.Minutes} min"),
        { TotalDays: < 1 } => Line($"{span.Hours} h {span.Minutes} min"),
        _ => Line($"{span.Days} d {span.Hours} h"),
    };

    /// <summary>Reads <c>90m</c>, <c>26h</c>, <c>2d</c> or <c>1.02:00:00</c>.</summary>
    /// <param name="setting">The option or setting, for the message.</param>
    /// <exception cref="SettingException">It is neither, or not more than zero.</exception>
    public static TimeSpan Parse(string typed, string setting)
    {
        string text = typed.Trim();
        TimeSpan span = TimeSpan.Zero;
        bool isNumber = text.Length > 1
            && double.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number is > 0 and < 100_000 && (span = number * Unit(text[^1])) > TimeSpan.Zero;
        return isNumber || (text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span) && span > TimeSpan.Zero)
            ? span
            : throw new SettingException($"{setting}: {typed} is not a time span. Give it as 90m, 26h or 2d.");
    }

    private static TimeSpan Unit(char unit) => unit switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => TimeSpan.Zero,
    };

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
