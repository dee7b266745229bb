namespace KapsoArchive.Sandbox.Http;

/// <summary>Kapso's rate limit: a number of requests per key and fixed window, which begins at multiples of its length on the server's
/// clock. A request past the limit is refused and not counted. A competitor's use of the sandbox's key is computed from the
/// clock.</summary>
internal sealed class RateWindows
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _spent = new(StringComparer.Ordinal);
    private readonly List<SandboxRateWindow> _log = [];
    private readonly string _sandboxKey;
    private readonly TimeProvider _time;
    private SandboxRate _rate;
    private long _firstWindow;
    private RateUse? _use;

    public RateWindows(SandboxRate rate, string sandboxKey, TimeSpan length, TimeProvider time)
    {
        (_rate, _sandboxKey, Length, _time) = (rate, sandboxKey, length, time);
        _firstWindow = Now().Window;
    }

    public TimeSpan Length { get; }

    /// <summary>Setting it does not start a new window: requests already counted stay counted.</summary>
    public SandboxRate Rate
    {
        get { lock (_lock) return _rate; }
        set
        {
            lock (_lock)
            {
                // Count the competitor's requests at the old rate first.
                Enter(Now());
                _rate = value;
                _firstWindow = Now().Window;
            }
        }
    }

    /// <summary>Every window in which the sandbox's key was used, oldest first, including the current one.</summary>
    public IReadOnlyList<SandboxRateWindow> Log
    {
        get
        {
            lock (_lock)
            {
                Enter(Now());
                return _use is { } use && use.WasUsed ? [.. _log, use.Describe(Length)] : [.. _log];
            }
        }
    }

    /// <summary>Counts a request; null if the rate is unlimited.</summary>
    public KeyStanding? Spend(string key)
    {
        lock (_lock)
        {
            var now = Now();
            int limit = _rate.LimitOf(now.Window - _firstWindow);
            if (limit == 0) return null;

            var use = Enter(now);
            bool shared = key == _sandboxKey;
            int spent = _spent.GetValueOrDefault(key);
            int left = limit - spent - (shared ? use.ByCompetitor : 0);
            if (left > 0) _spent[key] = spent + 1;
            if (shared) use.Count(allowed: left > 0);
            return new KeyStanding(limit, Math.Max(0, left - 1), Exceeded: left <= 0);
        }
    }

    /// <summary>Closes an expired window and updates the competitor's requests to the current time.</summary>
    private RateUse Enter((long Window, double Elapsed) now)
    {
        if (_use is { } last && last.Window != now.Window)
        {
            last.LetCompetitorReach(_rate.CompetingRequestsPerWindow);
            if (last.WasUsed) _log.Add(last.Describe(Length));
            _use = null;
        }
        if (_use is null)
        {
            _spent.Clear();
            _use = new RateUse(now.Window);
        }
        _use.Limit = _rate.LimitOf(now.Window - _firstWindow);
        _use.LetCompetitorReach((int)(_rate.CompetingRequestsPerWindow * now.Elapsed));
        return _use;
    }

    private (long Window, double Elapsed) Now()
    {
        var (window, ticks) = Math.DivRem((_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, Length.Ticks);
        return (window, (double)ticks / Length.Ticks);
    }
}

/// <summary>The state of a key's rate window after a request was counted.</summary>
internal readonly record struct KeyStanding(int Limit, int Remaining, bool Exceeded);
