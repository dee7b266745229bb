namespace KapsoArchive.Api.FrontDoor;

/// <summary>Numbers, sizes and times as people read them.</summary>
internal static class UiText
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Size(long bytes) => ByteSize.Of(bytes);

    /// <summary>Formats a time that is already UTC.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Quantity.Of((long)age.TotalMinutes, "minute"),
        { TotalDays: < 3 } => Quantity.Of((long)age.TotalHours, "hour"),
        _ => Quantity.Of((long)age.TotalDays, "day"),
    };
}
