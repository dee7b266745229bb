namespace KapsoArchive.Sandbox.Http;

/// <summary>How one window of the sandbox's key is used, by its client and by the competitor.</summary>
internal sealed class RateUse(long window)
{
    private int _used;
    private int _throttled;
    private int _tried;

    public long Window => window;

    public int Limit { get; set; }

    public int ByCompetitor { get; private set; }

    public bool WasUsed => _used + _throttled > 0;

    public void Count(bool allowed)
    {
        if (allowed) _used++;
        else _throttled++;
    }

    /// <summary>The competitor has now made so many requests in this window, of which those past the limit were refused.</summary>
    public void LetCompetitorReach(int requests)
    {
        int fresh = requests - _tried;
        if (fresh <= 0) return;
        _tried = requests;
        ByCompetitor += Math.Min(fresh, Math.Max(0, Limit - _used - ByCompetitor));
    }

    public SandboxRateWindow Describe(TimeSpan length) =>
        new(DateTimeOffset.UnixEpoch.AddTicks(window * length.Ticks), Limit, _used, ByCompetitor, _throttled);
}
