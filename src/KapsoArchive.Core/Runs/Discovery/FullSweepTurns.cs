namespace KapsoArchive.Core.Runs.Discovery;

/// <summary>Decides when a conversation is read whole. Each has its own moment in every period, derived from its id. So the full sweeps are
/// spread evenly over the nights, even if all conversations began on the same one.</summary>
/// <param name="period">The time in which every conversation has its turn.</param>
/// <param name="now">The run's start.</param>
internal sealed class FullSweepTurns(TimeSpan period, DateTimeOffset now)
{
    private readonly long _period = period.Ticks / TimeSpan.TicksPerMicrosecond;
    private readonly long _now = Timestamp.ToMicros(now);

    /// <param name="lastFullSweep">Microseconds; null for never.</param>
    public bool IsDue(string conversationId, long? lastFullSweep)
    {
        if (lastFullSweep is not { } last || _period <= 0)
            return true;
        if (last > _now + PresentTime.Tolerance.TotalMicroseconds)
            return true; // A clock was ahead: the time of that sweep is unknown.
        if (_now - last >= _period - (_period / 24))
            return true; // The last turn was slightly later in its period: do not wait another night.
        long offset = (long)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(conversationId)) % (ulong)_period);
        return Turn(_now) > Turn(last);

        long Turn(long time) => (time - offset) / _period;
    }
}
