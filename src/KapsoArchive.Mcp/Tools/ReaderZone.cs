using NodaTime;
using NodaTime.Text;

namespace KapsoArchive.Mcp.Tools;

/// <summary>The time zone that a reader chose, from the time zone database that NodaTime brings.</summary>
internal sealed class ReaderZone
{
    private readonly DateTimeZone _zone;
    private readonly bool _isChosen;

    private ReaderZone(DateTimeZone zone, bool isChosen) => (_zone, _isChosen) = (zone, isChosen);

    /// <param name="id">Such as <c>America/Lima</c>; null for UTC.</param>
    /// <exception cref="SettingException">There is no such zone.</exception>
    public static ReaderZone Of(string? id)
    {
        if (id is null)
            return new ReaderZone(DateTimeZone.Utc, isChosen: false);
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is { } zone)
            return new ReaderZone(zone, isChosen: true);
        string meant = Spelling.Nearest(id, DateTimeZoneProviders.Tzdb.Ids) is { } near ? $" Did you mean {near}?" : "";
        throw new SettingException(
            $"There is no time zone {AgentText.Line(id)}.{meant} Give a name such as America/Lima or Europe/Madrid.");
    }

    public MomentAnswer? Show(DateTimeOffset? time)
    {
        if (time is not { } moment)
            return null;
        string? local = _isChosen
            ? OffsetDateTimePattern.Rfc3339.Format(Instant.FromDateTimeOffset(moment).InZone(_zone).ToOffsetDateTime())
            : null;
        return new MomentAnswer(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture), local);
    }

    /// <summary>Reads a date, which means its first moment, or a time without an offset, both in this zone; a time with an offset stays as
    /// it is, for its reader.</summary>
    public string? ToUtc(string? text)
    {
        ZonedDateTime? local = text is null ? null
            : LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date } ? _zone.AtStartOfDay(date)
            : LocalDateTimePattern.GeneralIso.Parse(text) is { Success: true, Value: var time } ? _zone.AtLeniently(time)
            : null;
        return local is { } moment ? InstantPattern.ExtendedIso.Format(moment.ToInstant()) : text;
    }
}
