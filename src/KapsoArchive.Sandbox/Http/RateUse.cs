namespace KapsoArchive.Sandbox.Http;

/// <summary>The use of one rate window by the client and the competitor.</summary>
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

    /// <summary>Sets the competitor's requests in this window; those past the limit were refused.</summary>
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
