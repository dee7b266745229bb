namespace KapsoArchive.Core.Kapso;

/// <summary>Estimates when the source's windows turn. Each answer's <c>Date</c> limits the server's clock to one second plus the answer's
/// travel time. The limits of many answers intersect to far less than a second. A restarted count limits the turn directly and overrules
/// the clock if they disagree.</summary>
internal sealed class WindowPhase(TimeSpan length, DateTimeOffset now)
{
    /// <summary>Maximum drift between two clocks: 12 ms per minute.</summary>
    private const double Drift = 0.0002;

    /// <summary>Safety margin between the latest estimate of a turn and the next request.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan DateResolution = TimeSpan.FromSeconds(1);

    private WindowTurn _turn = new(now, now + length);
    private DateTimeOffset _observed = now;
    private bool _followsDate = true;

    /// <summary>Records the <c>Date</c> of an answer to a request sent and received at these times. It has whole seconds, rounded
    /// down.</summary>
    public void ObserveDate(DateTimeOffset date, DateTimeOffset sent, DateTimeOffset received)
    {
        if (!_followsDate)
            return;
        TimeSpan leastAhead = date - received;
        TimeSpan mostAhead = date + DateResolution - sent;
        DateTimeOffset serverTurn = DateTimeOffset.UnixEpoch + (length * Math.Ceiling((date - DateTimeOffset.UnixEpoch) / length));
        Narrow(new WindowTurn(serverTurn - mostAhead, serverTurn - leastAhead), received);
    }

    /// <summary>Records that the count restarted between these times.</summary>
    public void ObserveTurn(DateTimeOffset after, DateTimeOffset before)
    {
        if (!Narrow(new WindowTurn(after, before), before))
            _followsDate = false;
    }

    /// <summary>The first turn that may still be in the future.</summary>
    public WindowTurn Following(DateTimeOffset moment) =>
        Guarded(_turn + (length * (Math.Floor((moment - _turn.Latest - Guard) / length) + 1)));

    /// <summary>Returns the current estimate of the turn that was known as <paramref name="turn"/>.</summary>
    public WindowTurn Refine(WindowTurn turn) => Guarded(Aligned(_turn, turn));

    private static WindowTurn Guarded(WindowTurn turn) => turn with { Latest = turn.Latest + Guard };

    /// <returns>False if the evidence contradicts the estimate; the evidence then replaces it.</returns>
    private bool Narrow(WindowTurn evidence, DateTimeOffset observed)
    {
        TimeSpan drift = (observed - _observed) * Drift;
        WindowTurn known = Aligned(new WindowTurn(_turn.Earliest - drift, _turn.Latest + drift), evidence);
        _observed = observed;
        if (known.Width + evidence.Width >= length)
        {
            // The ranges may overlap at both ends, one window apart, so the match is ambiguous.
            _turn = evidence.Width < known.Width ? evidence : known;
            return true;
        }

        var both = new WindowTurn(
            known.Earliest > evidence.Earliest ? known.Earliest : evidence.Earliest,
            known.Latest < evidence.Latest ? known.Latest : evidence.Latest);
        bool agree = both.Width >= TimeSpan.Zero;
        _turn = agree ? both : evidence;
        return agree;
    }

    /// <summary>Shifts the turn by whole windows, to the position nearest another turn.</summary>
    private WindowTurn Aligned(WindowTurn turn, WindowTurn to) => turn + (length * Math.Round((Middle(to) - Middle(turn)) / length));

    private static DateTimeOffset Middle(WindowTurn turn) => turn.Earliest + (turn.Width / 2);
}
