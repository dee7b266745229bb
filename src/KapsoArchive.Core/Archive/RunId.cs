using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Archive;

/// <summary>The ids of runs: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
public static partial class RunId
{
    private const int MaxNamed = 5;

    /// <summary>Gives a new run its id and its time, only by this machine's clock: the source has not been asked yet.</summary>
    /// <param name="time">This machine's clock.</param>
    /// <param name="previousRunId">The newest committed run; null for none.</param>
    /// <exception cref="SettingException">The clock shows a year in which no id is possible.</exception>
    public static RunStamp New(TimeProvider time, string? previousRunId)
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            return new RunStamp(Layout.NewRunId(now, previousRunId), now);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SettingException(
                $"This machine's clock shows {ClockText.Of(now)}, which is too late for a run id. Set the clock and run again.", e);
        }
    }

    /// <summary>Whether the text has the form of an id.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>Whether a run can have this id: its time exists and is before the year 9999, so that the next run can have a greater
    /// one.</summary>
    public static bool LeavesRoom(string text) => IsOne(text) && Layout.TimeOf(text) is not null && !Layout.LeavesNoRoom(text);

    /// <summary>Finds the run or export for an id, or the beginning of an id, that a user typed.</summary>
    /// <param name="typed">The value of the option.</param>
    /// <param name="ids">The existing ids, newest first.</param>
    /// <param name="location">Where they are.</param>
    /// <param name="what">What they are: the option's name without its dashes.</param>
    /// <exception cref="SettingException">No id begins with the text, or several do.</exception>
    internal static string Choose(string typed, IReadOnlyCollection<string> ids, string location, string what = "run")
    {
        if (ids.Contains(typed, StringComparer.Ordinal))
            return typed;
        string[] meant = [.. typed.Length == 0 ? [] : ids.Where(id => id.StartsWith(typed, StringComparison.Ordinal))];
        return meant.Length switch
        {
            1 => meant[0],
            0 => throw new SettingException(
                $"--{what}: there is no {what} {typed} in {location}. "
                    + (ids.Count == 0 ? "There are none." : $"The newest are {Names(ids)}.")),
            _ => throw new SettingException($"--{what}: {typed} matches {Names(meant)}. Give more of the id."),
        };
    }

    private static string Names(IReadOnlyCollection<string> ids) => string.Join(", ", ids.Take(MaxNamed));

    [GeneratedRegex(@"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
