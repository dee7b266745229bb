using KapsoArchive.Core.Runs;
using NCrontab;

namespace KapsoArchive.Cli.Serve;

/// <summary>When the nightly run is due: a six-field NCRONTAB expression in UTC, as Azure Functions has it.</summary>
internal sealed class NightlySchedule
{
    private const string Default = "0 0 2 * * *";

    private readonly CrontabSchedule _schedule;

    private NightlySchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <summary>The fields are second, minute, hour, day, month and day of the week.</summary>
    /// <exception cref="SettingException">It is no such expression, or one that never comes.</exception>
    public static NightlySchedule Parse(string? expression)
    {
        string text = string.IsNullOrWhiteSpace(expression) ? Default : expression.Trim();
        return CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } schedule
            ? new NightlySchedule(schedule)
            : throw new SettingException($"ArchiveSchedule: \"{text}\" is no schedule. Write six fields: second, minute, hour, day, month, day of the week, in UTC. \"{Default}\" is every night at two.");
    }

    /// <summary>The first time after that one.</summary>
    public DateTimeOffset After(DateTimeOffset time) => new(_schedule.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    public override string ToString() => _schedule.ToString();
}
