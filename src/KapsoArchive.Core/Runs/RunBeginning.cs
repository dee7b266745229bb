using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>Gives a new run its id and its time, only by this machine's clock: the source has not been asked yet.</summary>
internal static class RunBeginning
{
    /// <param name="time">This machine's clock.</param>
    /// <param name="previousRunId">The newest committed run; null for none.</param>
    /// <exception cref="SettingException">The clock shows a year in which no id is possible.</exception>
    public static RunStamp Now(TimeProvider time, string? previousRunId)
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            return new RunStamp(Layout.NewRunId(now, previousRunId), now);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SettingException(
                $"This machine's clock shows {ClockText.Of(now)}, and no run id can follow it. Set the clock and run again.", e);
        }
    }
}
