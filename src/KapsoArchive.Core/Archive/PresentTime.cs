namespace KapsoArchive.Core.Archive;

/// <summary>The time that a run takes as the present: for <c>archived_at</c>, <c>snapshot_date</c>, the time of its list of conversations,
/// and everything that falls due. No single clock decides it.</summary>
/// <remarks>
/// If this machine's clock and the source's agree within five minutes, this machine's counts. If they do not, the earlier one counts,
/// unless it is contradicted by something later: by what the source itself listed, or, for this machine's clock, by the run before. Then
/// the later clock counts. Without a source's clock, this machine's is accepted up to the lookback beyond the newest message and the run
/// before.
/// </remarks>
/// <param name="At">The present.</param>
/// <param name="AsOf">What the list of conversations proves: the next run asks for conversations that were active since then, minus the
/// lookback. Never later than the source's clock; without one, never later than the newest activity plus the lookback.</param>
/// <param name="Warning">What is wrong with the clocks, in a sentence; null if nothing is.</param>
internal sealed record PresentTime(DateTimeOffset At, DateTimeOffset AsOf, string? Warning)
{
    /// <summary>Tolerated difference between two clocks.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="startedAt">When the run began, by the clock of the machine that accepted it.</param>
    /// <param name="machine">This machine's clock now.</param>
    /// <param name="source">The source's clock now; null if its answers show none.</param>
    /// <param name="newest">The latest activity that the source has listed and that is not in the future by either clock; null if none is
    /// known.</param>
    /// <param name="lastRun">When the run before ended, according to its manifest; null for none.</param>
    /// <param name="lookback">See <see cref="ArchiveOptions.Lookback"/>.</param>
    public static PresentTime Of(
        DateTimeOffset startedAt, DateTimeOffset machine, DateTimeOffset? source, DateTimeOffset? newest, DateTimeOffset? lastRun,
        TimeSpan lookback)
    {
        if (source is not { } kapso)
            return WithoutSource(startedAt, newest, lastRun, lookback);
        bool agree = (machine - kapso).Duration() <= Tolerance;
        DateTimeOffset at = startedAt > kapso + Tolerance
            ? newest > kapso + Tolerance ? Earlier(startedAt, newest.Value + lookback) : kapso
            : startedAt < kapso - Tolerance && IsRefuted(startedAt, kapso, agree ? null : newest, lastRun) ? kapso : startedAt;
        string? warning = agree && at == startedAt ? null : Disagreement(agree ? startedAt : machine, kapso, at);
        return new PresentTime(at, Earlier(at, kapso + Tolerance), warning);
    }

    private static PresentTime WithoutSource(DateTimeOffset startedAt, DateTimeOffset? newest, DateTimeOffset? lastRun, TimeSpan lookback)
    {
        DateTimeOffset? known = Later(newest, lastRun <= startedAt ? lastRun : null);
        DateTimeOffset at = known is { } sure && lastRun is not null ? Earlier(startedAt, sure + lookback) : startedAt;
        string? warning = at == startedAt
            ? null
            : $"This machine's clock shows {ClockText.Of(startedAt)}, {ClockText.Of(startedAt - known!.Value)} after the newest known "
                + $"activity and run, and Kapso's answers show no time. The run used {ClockText.Of(at)} as the present time. Check this "
                + "machine's clock, for example with `date -u`.";
        return new PresentTime(at, newest is { } active ? Earlier(at, active + lookback) : at, warning);
    }

    /// <summary>Whether something that is not later than the source's clock is later than this machine's.</summary>
    private static bool IsRefuted(DateTimeOffset machine, DateTimeOffset source, DateTimeOffset? newest, DateTimeOffset? lastRun) =>
        (newest > machine + Tolerance && newest <= source + Tolerance) || (lastRun > machine + Tolerance && lastRun <= source + Tolerance);

    private static string Disagreement(DateTimeOffset machine, DateTimeOffset source, DateTimeOffset at) =>
        $"This machine's clock shows {ClockText.Of(machine)}, and Kapso's {ClockText.Of(source)}: "
            + $"they differ by {ClockText.Of(machine - source)}. "
        + $"The run used {ClockText.Of(at)} as the present time. Check this machine's clock, for example with `date -u`.";

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
