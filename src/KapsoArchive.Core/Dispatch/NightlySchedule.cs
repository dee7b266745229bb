using NCrontab;

namespace KapsoArchive.Core.Dispatch;

/// <summary>When the nightly run is due: a six-field NCRONTAB expression in UTC, as in Azure Functions.</summary>
public sealed class NightlySchedule
{
    private const string Default = "0 0 2 * * *";

    /// <summary>The calendar repeats after 400 years: a time that does not occur in that period never occurs.</summary>
    private static readonly DateTime RoundBegin = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime RoundEnd = RoundBegin.AddYears(400);

    private readonly CrontabSchedule _schedule;

    private NightlySchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <summary>The fields are second, minute, hour, day, month and day of the week.</summary>
    /// <exception cref="SettingException">The expression is invalid, or never occurs.</exception>
    public static NightlySchedule Parse(string? expression)
    {
        string text = string.IsNullOrWhiteSpace(expression) ? Default : expression.Trim();
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is not { } schedule)
            throw new SettingException($"ArchiveSchedule: \"{text}\" is not a schedule. Write six fields: second, minute, hour, day, " +
                $"month, day of the week, in UTC. \"{Default}\" is every night at two.");
        return schedule.GetNextOccurrence(RoundBegin, RoundEnd) < RoundEnd
            ? new NightlySchedule(schedule)
            : throw new SettingException($"ArchiveSchedule: \"{text}\" never occurs. \"{Default}\" is every night at two, in UTC.");
    }

    /// <summary>Reads the schedule of a function app, whose host disables the timer if it is missing. As the host does, it takes five
    /// fields, without seconds, too.</summary>
    /// <exception cref="SettingException">The expression is missing or invalid, or never occurs.</exception>
    public static NightlySchedule ParseOfFunctions(string? expression)
    {
        if (string.IsNullOrWhiteSpace(expression))
            throw new SettingException(
                $"ArchiveSchedule is missing, so no nightly run starts. Set it to \"{Default}\" for every night at two, in UTC.");
        bool hasSeconds = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length != 5;
        return Parse(hasSeconds ? expression : $"0 {expression.Trim()}");
    }

    /// <summary>The first occurrence after the given time.</summary>
    public DateTimeOffset After(DateTimeOffset time) => new(_schedule.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    public override string ToString() => _schedule.ToString();
}
