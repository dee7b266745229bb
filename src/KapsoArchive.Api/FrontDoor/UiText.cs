namespace KapsoArchive.Api.FrontDoor;

/// <summary>Numbers, sizes and times as people read them.</summary>
internal static class UiText
{
    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Size(long bytes)
    {
        double size = bytes;
        int unit = 0;
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
            size /= 1000;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(unit == 0 || size >= 100 ? Math.Round(size) : Math.Round(size, 1))} {Units[unit]}");
    }

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
