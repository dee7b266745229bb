namespace KapsoArchive.Core.Kapso;

/// <summary>The accounts of the rate budget: requests sent in this window, requests left by the source's count, and requests that may still
/// be sent. It has no clock, lock or queue; <see cref="RateBudget"/> provides them.</summary>
/// <remarks>
/// <c>Remaining</c> is authoritative. Requests that may still be sent: the lowest <c>Remaining</c> seen, less our requests that it may not
/// include yet. In a window without a reading, one scout request goes first, because the limit may have changed.
/// </remarks>
internal sealed class RateLedger(RateLimits limits, DateTimeOffset now)
{
    /// <summary>How long to wait for a scout before the next is sent, and for the turn of a window that seems late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How many times to wait for a turn that seems late.</summary>
    private const int MostDoubts = 2;

    private readonly WindowPhase _phase = new(limits.Window, now);
    private readonly NeighbourSpeed _neighbour = new();
    private readonly Queue<DateTimeOffset> _answeredAt = new();

    private int _window;
    private DateTimeOffset _began = now;
    private WindowTurn _end = new(now, now + limits.Window);
    private RateSighting? _lowest;
    private RateSighting? _last;
    private bool _unlimited;
    private int _sent;
    private int _carried;
    private int _unread;
    private DateTimeOffset _unreadAt;
    private int _scouts;
    private DateTimeOffset _scoutedAt;
    private int _doubts;
    private int _throttles;
    private DateTimeOffset _throttledAt = DateTimeOffset.MinValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    public int? Limit { get; private set; }

    public int? Remaining => _lowest?.Reading.Remaining;

    public int? Allowance => limits.Allowance(Limit);

    public int Sent => _sent + _carried;

    public int InFlight { get; private set; }

    private bool Scouting => _lowest is null && !_unlimited;

    /// <summary>Starts the next window and ends the pause when they are due.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (now >= _end.Latest)
            Turn(now, Limit is null ? 0 : AnsweredSince(_end.Earliest), now);
        if (_pausedUntil != DateTimeOffset.MinValue && now >= _pausedUntil)
            (_pausedUntil, _lowest) = (DateTimeOffset.MinValue, null);
    }

    /// <summary>Whether one more request may be sent now.</summary>
    public bool MaySend(DateTimeOffset now)
    {
        if (now < _pausedUntil)
            return false;
        if (Scouting)
            return _sent < (Allowance ?? int.MaxValue) && (_scouts == 0 || now >= NextScout);
        return Sent < (Allowance ?? int.MaxValue)
            && (_lowest is null || _lowest.Reading.Remaining - InFlight - _unread - _neighbour.Reserve > 0);
    }

    /// <summary>When the next request may be allowed without any further answer.</summary>
    public DateTimeOffset NextChange(DateTimeOffset now)
    {
        if (now < _pausedUntil)
            return _pausedUntil;
        return Scouting && NextScout > now && NextScout < _end.Latest ? NextScout : _end.Latest;
    }

    public RatePermit Send(DateTimeOffset now)
    {
        if (_scouts == 0)
            _scoutedAt = now;
        _scouts++;
        _sent++;
        InFlight++;
        return new RatePermit(now, _window, _last);
    }

    /// <summary>Returns the permit of a request that was not sent.</summary>
    public void TakeBack(RatePermit permit)
    {
        Land(permit);
        if (permit.Window == _window)
            _sent--;
    }

    /// <summary>Records a request that ended without an answer. The source may have counted it.</summary>
    public void Lose(RatePermit permit, DateTimeOffset now)
    {
        Land(permit);
        _answeredAt.Enqueue(now);
        MissReading(now);
    }

    public void Receive(RatePermit permit, RateAnswer answer, DateTimeOffset now)
    {
        if (answer.Date is { } date)
        {
            _phase.ObserveDate(date, permit.SentAt, now);
            _end = Refined(now);
        }

        Advance(now);
        if (answer.Reading is not { } reading)
        {
            Lose(permit, now);
            if (answer.Throttled)
                Throttle(permit, answer, now);
            else if (Scouting && answer.Served)
                (_unlimited, Limit) = (true, null);
        }
        else
        {
            Land(permit);
            _answeredAt.Enqueue(now);
            _neighbour.ObserveLatency(now - permit.SentAt);
            (_unlimited, Limit) = (false, reading.Limit);
            Read(permit, reading, answer, now);
        }

        if (!answer.Throttled)
            _throttles = 0;
    }

    private DateTimeOffset NextScout => _scoutedAt + (Patience * _scouts);

    private void Land(RatePermit permit)
    {
        InFlight--;
        if (permit.Window == _window)
            _scouts--;
    }

    private void MissReading(DateTimeOffset now)
    {
        _unread++;
        _unreadAt = now;
    }

    private void Read(RatePermit permit, RateReading reading, RateAnswer answer, DateTimeOffset now)
    {
        bool turned = !answer.Throttled && permit.Known is { } known && BeganAnew(known.Reading, reading);
        if (turned)
            Confirm(permit.Known!, reading, now);
        else if (permit.Window != _window)
        {
            MissReading(now); // Which window counted it is unknown.
            return;
        }
        else if (SeemsEarly(permit, reading, answer.Throttled))
        {
            _doubts++;
            _last = new RateSighting(reading, permit.SentAt, _window);
            Pause(now + Patience);
            return;
        }

        See(new RateSighting(reading, permit.SentAt, _window), now);
        if (answer.Throttled)
            Throttle(permit, answer, now);
    }

    /// <summary>Whether the count restarted: <c>Remaining</c> rose by more than servers that count in parallel could differ.</summary>
    private static bool BeganAnew(RateReading before, RateReading after) =>
        before.Limit == after.Limit && after.Remaining > before.Remaining + Math.Max(1, after.Limit / 50);

    private void Confirm(RateSighting known, RateReading reading, DateTimeOffset now)
    {
        _phase.ObserveTurn(known.SentAt, now);
        if (known.Window == _window)
            Turn(now, Math.Min(AnsweredSince(known.SentAt), reading.Limit - reading.Remaining), now + WindowPhase.Guard);
        else
            _end = Refined(now);
    }

    /// <summary>Whether the first readings of a window continue the window before, because the source's clock is slightly behind the
    /// estimate.</summary>
    private bool SeemsEarly(RatePermit permit, RateReading reading, bool throttled) =>
        Scouting && _doubts < MostDoubts && _last is { } last && last.Window >= _window - 1 && last.Reading.Limit == reading.Limit
        && (throttled || reading.Remaining < last.Reading.Remaining)
        && permit.SentAt < _began + ((MostDoubts + 1) * Patience);

    private void See(RateSighting sighting, DateTimeOffset now)
    {
        RateReading reading = sighting.Reading;
        if (sighting.SentAt >= _unreadAt)
            _unread = 0;
        if (_lowest is null || _lowest.Reading.Limit != reading.Limit || reading.Remaining < _lowest.Reading.Remaining)
            _last = _lowest = sighting;
        int counted = reading.Limit - reading.Remaining;
        _carried = Math.Clamp(counted + InFlight + _unread - _sent, 0, _carried);
        _neighbour.ObserveSpent(counted - Sent, now);
    }

    private void Throttle(RatePermit permit, RateAnswer answer, DateTimeOffset now)
    {
        if (permit.SentAt >= _throttledAt)
        {
            _throttledAt = now;
            _throttles++;
        }

        TimeSpan? asked = answer.RetryAfter > TimeSpan.Zero ? answer.RetryAfter : null;
        if (Limit is null)
        {
            _unlimited = false;
            Pause(now + (asked ?? TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(6, _throttles - 1)))));
        }
        else
        {
            Pause(asked is { } wait && now + wait < _end.Latest ? now + wait : _end.Latest);
        }
    }

    private void Pause(DateTimeOffset until) => _pausedUntil = until;

    /// <param name="late">How many of the answered requests may have been counted in the new window.</param>
    /// <param name="certain">The turn happened before this time.</param>
    private void Turn(DateTimeOffset now, int late, DateTimeOffset certain)
    {
        _window++;
        _began = now;
        _end = _phase.Following(certain);
        (_sent, _carried, _scouts, _doubts) = (0, late + InFlight, 0, 0);
        _lowest = null;
        if (Limit is not null)
            _pausedUntil = DateTimeOffset.MinValue;
        _answeredAt.Clear();
        _neighbour.Turn();
    }

    private WindowTurn Refined(DateTimeOffset now)
    {
        WindowTurn end = _phase.Refine(_end);
        return end.Earliest > now + limits.Window ? end + -limits.Window : end;
    }

    private int AnsweredSince(DateTimeOffset moment) => _answeredAt.Count(answered => answered >= moment);
}
