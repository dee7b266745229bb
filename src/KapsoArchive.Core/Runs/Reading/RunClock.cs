using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Determines the time that a run takes as the present, after the source has answered and before a row is created.</summary>
internal sealed class RunClock(ProjectArchive archive, SourceClock source)
{
    /// <summary>Whether the source has answered, but its answers show no time.</summary>
    public bool SourceShowsNone => source is { HasAnswered: true, Now: null };

    /// <exception cref="WrongTimeException">The run takes another time as the present than the clocks agree on.</exception>
    public async Task CheckAsync(JournalHead head, CancellationToken cancellationToken)
    {
        if (await PresentAsync(head, static () => null, cancellationToken) is { Warning: not null } present)
            throw new WrongTimeException(present);
    }

    /// <summary>Anything later than this is in the future by every clock, and proves nothing.</summary>
    public DateTimeOffset LatestOf(JournalHead head) =>
        source.Now is { } now && now > head.StartedAt ? now : head.StartedAt;

    /// <param name="head">The run, by the clock of the machine that began it.</param>
    /// <param name="newest">Returns the latest activity that the source has listed; null if none is known. Called only if the clocks
    /// disagree.</param>
    public async Task<PresentTime> PresentAsync(JournalHead head, Func<DateTimeOffset?> newest, CancellationToken cancellationToken)
    {
        DateTimeOffset machine = archive.Time.GetUtcNow();
        DateTimeOffset? kapso = source.Now;
        bool agree = IsClose(machine, kapso) && IsClose(head.StartedAt, kapso);
        DateTimeOffset? lastRun = agree ? null : await EndOfRunBeforeAsync(head, cancellationToken);
        return PresentTime.Of(head.StartedAt, machine, kapso, agree ? null : newest(), lastRun, archive.Options.Lookback);
    }

    /// <summary>End of a run that ends now. No clock can put it before the run's beginning or after the source's time.</summary>
    public DateTimeOffset EndOf(JournalHead head)
    {
        DateTimeOffset end = archive.Time.GetUtcNow();
        if (source.Now is not { } now)
            end -= TimeSpan.FromSeconds(head.ClockAheadSeconds);
        else if (end > now + PresentTime.Tolerance || end < head.StartedAt)
            end = now;
        return end > head.StartedAt ? end : head.StartedAt;
    }

    private static bool IsClose(DateTimeOffset time, DateTimeOffset? source) =>
        source is { } kapso && (time - kapso).Duration() <= PresentTime.Tolerance;

    private async Task<DateTimeOffset?> EndOfRunBeforeAsync(JournalHead head, CancellationToken cancellationToken) =>
        head.Previous is { } previous
            ? (await new CommittedRuns(archive.Store).FindAsync(previous.RunId, cancellationToken))?.Manifest?.FinishedAt
            : null; // If the manifest is damaged, `kapso-archive verify` names it.

    /// <summary>The source's first answer shows that the run's time is wrong. Nothing was written: the reading starts again with the right
    /// time.</summary>
    internal sealed class WrongTimeException(PresentTime present) : Exception
    {
        public PresentTime Present => present;
    }
}
