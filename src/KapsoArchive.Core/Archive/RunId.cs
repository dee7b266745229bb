using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Archive;

/// <summary>The ids of runs: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
public static partial class RunId
{
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

    [GeneratedRegex(@"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
