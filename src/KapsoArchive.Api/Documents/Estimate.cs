using KapsoArchive.Core.Journal;

namespace KapsoArchive.Api.Documents;

/// <summary>Guesses when a run will be finished, if it goes on as it did.</summary>
internal static class Estimate
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365);

    /// <summary>Null where there is nothing to go by, or where what there is has proven wrong.</summary>
    public static DateTimeOffset? Of(RunRecord record, DateTimeOffset now)
    {
        if (record is not { Status: RunStatus.Running, Interrupted: false, StartedAt: { } startedAt, Progress.Conversations: { Done: > 0 and var done, Total: { } total } } || done >= total)
            return null;
        TimeSpan taken = record.UpdatedAt - startedAt;
        double seconds = taken.TotalSeconds * total / done;
        if (seconds <= 0 || seconds > Furthest.TotalSeconds)
            return null;
        DateTimeOffset end = startedAt + TimeSpan.FromSeconds(Math.Round(seconds));
        return end > now ? end : null;
    }
}
