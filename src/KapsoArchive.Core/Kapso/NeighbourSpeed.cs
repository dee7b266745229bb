namespace KapsoArchive.Core.Kapso;

/// <summary>How fast other clients of the same key use the limit, and how many requests to leave for them while an answer is under
/// way.</summary>
internal sealed class NeighbourSpeed
{
    private const double Weight = 0.125;

    private (int Spent, DateTimeOffset At)? _first;
    private double _speed;
    private double _speedBefore;
    private double _latency;

    /// <summary>Requests to leave unused at the end of a window.</summary>
    public int Reserve => (int)Math.Ceiling(Math.Max(_speed, _speedBefore) * _latency);

    public void ObserveLatency(TimeSpan latency) =>
        _latency = _latency == 0 ? latency.TotalSeconds : _latency + (Weight * (latency.TotalSeconds - _latency));

    /// <summary>Reports how many of this window's requests are not ours.</summary>
    public void ObserveSpent(int others, DateTimeOffset now)
    {
        _first ??= (others, now);
        double seconds = (now - _first.Value.At).TotalSeconds;
        if (seconds > 0)
            _speed = Math.Max(0, others - _first.Value.Spent) / seconds;
    }

    public void Turn() => (_speedBefore, _speed, _first) = (_first is null ? _speedBefore : _speed, 0, null);
}
