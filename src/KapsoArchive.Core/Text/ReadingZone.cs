using NodaTime;
using NodaTime.TimeZones;

namespace KapsoArchive.Core.Text;

/// <summary>The time zone in which a reader sees times. The zones come with the program, because a container image may have none.</summary>
public sealed class ReadingZone
{
    private static readonly TimeSpan FurthestOffset = TimeSpan.FromHours(14); // Of a DateTimeOffset.

    private readonly DateTimeZone _zone;

    private ReadingZone(DateTimeZone zone) => _zone = zone;

    public static ReadingZone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>Names to offer first.</summary>
    public static IReadOnlyList<string> Common { get; } =
    [
        "UTC", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Chicago", "America/Lima", "America/Los_Angeles",
        "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo", "Asia/Dubai", "Asia/Jakarta", "Asia/Kolkata",
        "Asia/Singapore", "Europe/Berlin", "Europe/London", "Europe/Madrid", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
    ];

    /// <summary>The names of all places, in alphabetical order, without other names for the same place.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. TzdbDateTimeZoneSource.Default.CanonicalIdMap.Values.Distinct(StringComparer.Ordinal)
            .Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Its name in the tz database: <c>America/Lima</c>.</summary>
    public string Name => _zone.Id;

    public bool IsUtc => _zone == DateTimeZone.Utc;

    /// <summary>Null if there is no zone of this name. Case does not matter.</summary>
    public static ReadingZone? Find(string? name) =>
        DateTimeZoneProviders.Tzdb.Ids.FirstOrDefault(id => id.Equals(name?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } id
            ? id == Utc.Name ? Utc : new ReadingZone(DateTimeZoneProviders.Tzdb[id])
            : null;

    /// <summary>What to say of a name that <see cref="Find"/> does not find.</summary>
    public static string Objection(string name)
    {
        string city = $"/{name.Trim().Replace(' ', '_')}";
        string? meant = DateTimeZoneProviders.Tzdb.Ids.FirstOrDefault(id => id.EndsWith(city, StringComparison.OrdinalIgnoreCase))
            ?? Spelling.Nearest(name, DateTimeZoneProviders.Tzdb.Ids);
        string hint = meant is null ? "Give a name of the tz database, such as America/Lima." : $"Did you mean {meant}?";
        return $"There is no time zone {VisibleText.PrintedLine(VisibleText.Beginning(name, 64))}. {hint}";
    }

    /// <summary>The same moment with the zone's offset, in whole minutes. A moment whose local time cannot be expressed stays in
    /// UTC.</summary>
    public DateTimeOffset Local(DateTimeOffset time)
    {
        var offset = TimeSpan.FromMinutes(_zone.GetUtcOffset(Instant.FromDateTimeOffset(time)).Seconds / 60);
        long ticks = time.UtcTicks + offset.Ticks;
        return offset.Duration() <= FurthestOffset && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, offset)
            : time.ToUniversalTime();
    }

    /// <summary>When the day begins there.</summary>
    public DateTimeOffset StartOf(DateOnly day) => _zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToInstant().ToDateTimeOffset();

    /// <summary>When times are said to be: <c>Times are UTC.</c></summary>
    public string Sentence => IsUtc ? "Times are UTC." : $"Times are those of {Name}, with UTC beside them.";

    /// <summary>The UTC time to show beside a local one, with its date if that is another; empty if the zone is UTC.</summary>
    public string UtcBeside(DateTimeOffset time) => IsUtc
        ? ""
        : time.UtcDateTime.ToString(
            Local(time).Date == time.UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
