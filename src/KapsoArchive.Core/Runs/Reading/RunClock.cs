using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Settles what time a run takes as the present, once the source has answered and before a row is made.</summary>
internal sealed class RunClock(RunParts parts)
{
    /// <summary>Whether the source has answered, but shows no time.</summary>
    public bool SourceShowsNone => parts.Client.Clock is { HasAnswered: true, Now: null };

    /// <exception cref="RunClockException">The run has taken another time as the present than the clocks agree on.</exception>
    public async Task CheckAsync(JournalHead head, CancellationToken cancellationToken)
    {
        if (await PresentAsync(head, static () => null, cancellationToken) is { Warning: not null } present)
            throw new RunClockException(present);
    }

    /// <summary>What is later than this is in the future by every clock: it proves nothing.</summary>
    public DateTimeOffset LatestOf(JournalHead head) =>
        parts.Client.Clock.Now is { } source && source > head.StartedAt ? source : head.StartedAt;

    /// <param name="head">The run, by the clock of the machine that began it.</param>
    /// <param name="newest">Gives the latest activity that the source has listed; null if none is known. Asked if the clocks disagree.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PresentTime> PresentAsync(JournalHead head, Func<DateTimeOffset?> newest, CancellationToken cancellationToken)
    {
        DateTimeOffset machine = parts.Time.GetUtcNow();
        DateTimeOffset? source = parts.Client.Clock.Now;
        bool agree = IsClose(machine, source) && IsClose(head.StartedAt, source);
        DateTimeOffset? lastRun = agree ? null : await EndOfRunBeforeAsync(head, cancellationToken);
        return PresentTime.Of(head.StartedAt, machine, source, agree ? null : newest(), lastRun, parts.Options.Lookback);
    }

    /// <summary>The end of a run that ends now: no machine's clock puts it before its beginning or behind the
    /// source's time.</summary>
    public DateTimeOffset EndOf(JournalHead head)
    {
        DateTimeOffset end = parts.Time.GetUtcNow();
        if (parts.Client.Clock.Now is not { } source)
            end -= TimeSpan.FromSeconds(head.ClockAheadSeconds);
        else if (end > source + PresentTime.Tolerance || end < head.StartedAt)
            end = source;
        return end > head.StartedAt ? end : head.StartedAt;
    }

    private static bool IsClose(DateTimeOffset time, DateTimeOffset? source) => source is { } kapso && (time - kapso).Duration() <= PresentTime.Tolerance;

    private async Task<DateTimeOffset?> EndOfRunBeforeAsync(JournalHead head, CancellationToken cancellationToken)
    {
        if (head.Previous is not { } previous)
            return null;
        var path = new StorePath(StoreArea.Data, Layout.Manifest(previous.RunId));
        StoredManifest? stored = await StoredManifest.ReadAsync(parts.Store, previous.RunId, path, cancellationToken);
        return stored?.Manifest?.FinishedAt; // If it is damaged, `kapso-archive verify` names it.
    }
}

/// <summary>The source's first answer shows that the run's time is wrong. Nothing was written: the reading begins again with the right
/// one.</summary>
internal sealed class RunClockException(PresentTime present) : Exception
{
    public PresentTime Present => present;
}
