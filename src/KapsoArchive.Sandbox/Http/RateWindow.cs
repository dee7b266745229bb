namespace KapsoArchive.Sandbox.Http;

/// <summary>
/// Kapso's rate limit: so many requests per key in a fixed window, which begins at multiples of its length on the server's clock.
/// A request past the limit is refused and changes nothing.
/// </summary>
internal sealed class RateWindow(int limit, TimeSpan length, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _spent = new(StringComparer.Ordinal);
    private long _current;

    public int Limit => limit;

    public TimeSpan Length => length;

    public RateReading Spend(string key)
    {
        long window = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / length.Ticks;
        lock (_lock)
        {
            if (window != _current)
            {
                _current = window;
                _spent.Clear();
            }

            int spent = _spent.GetValueOrDefault(key);
            if (spent >= limit) return new RateReading(0, Exceeded: true);
            _spent[key] = spent + 1;
            return new RateReading(limit - spent - 1, Exceeded: false);
        }
    }
}
