namespace KapsoArchive.Api.Documents;

/// <summary>Estimates when a run will finish at its present speed.</summary>
internal static class Estimate
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365);

    /// <summary>Null if no conversation is finished yet, if the estimate has already passed, or if it exceeds a year.</summary>
    public static DateTimeOffset? Of(ProgressDocument record, DateTimeOffset now)
    {
        if (record is not
            {
                Status: RunStatus.Running, Interrupted: false, StartedAt: { } startedAt,
                Progress.Conversations: { Done: > 0 and var done, Total: { } total }
            } || done >= total)
            return null;
        TimeSpan taken = record.UpdatedAt - startedAt;
        double seconds = taken.TotalSeconds * total / done;
        if (seconds <= 0 || seconds > Furthest.TotalSeconds)
            return null;
        DateTimeOffset end = startedAt + TimeSpan.FromSeconds(Math.Round(seconds));
        return end > now ? end : null;
    }
}
