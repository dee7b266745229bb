namespace KapsoArchive.Api.FrontDoor;

/// <summary>Numbers, sizes and times as people read them.</summary>
internal static class UiText
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string Size(long bytes) => ByteSize.Of(bytes);

    /// <summary>Formats a time that is already UTC.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Count((long)age.TotalMinutes, "minute"),
        { TotalDays: < 3 } => Count((long)age.TotalHours, "hour"),
        _ => Count((long)age.TotalDays, "day"),
    };
}
