namespace KapsoArchive.Core.Kapso;

/// <summary>
/// Learns when the source's windows turn. Every answer's <c>Date</c> bounds the server's clock to a second and the answer's time on the way; bounds of many answers
/// intersect to far below a second. A count that began anew bounds the turn itself, and overrules the clock where the two disagree.
/// </summary>
internal sealed class WindowPhase(TimeSpan length, DateTimeOffset now)
{
    /// <summary>How far two clocks may drift apart, at worst: 12 ms a minute.</summary>
    private const double Drift = 0.0002;

    /// <summary>What separates a turn that is certain on paper from a request that is sent after it.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan DateResolution = TimeSpan.FromSeconds(1);

    private WindowTurn _turn = new(now, now + length);
    private DateTimeOffset _observed = now;
    private bool _followsDate = true;

    /// <summary>An answer to a request sent and received at these moments bears this <c>Date</c>: whole seconds, the rest cut off.</summary>
    public void ObserveDate(DateTimeOffset date, DateTimeOffset sent, DateTimeOffset received)
    {
        if (!_followsDate)
            return;
        TimeSpan leastAhead = date - received;
        TimeSpan mostAhead = date + DateResolution - sent;
        DateTimeOffset serverTurn = DateTimeOffset.UnixEpoch + (length * Math.Ceiling((date - DateTimeOffset.UnixEpoch) / length));
        Narrow(new WindowTurn(serverTurn - mostAhead, serverTurn - leastAhead), received);
    }

    /// <summary>The count began anew between these moments.</summary>
    public void ObserveTurn(DateTimeOffset after, DateTimeOffset before)
    {
        if (!Narrow(new WindowTurn(after, before), before))
            _followsDate = false;
    }

    /// <summary>The first turn that may still lie ahead.</summary>
    public WindowTurn Following(DateTimeOffset moment) => Guarded(_turn + (length * (Math.Floor((moment - _turn.Latest - Guard) / length) + 1)));

    /// <summary>The turn that <paramref name="turn"/> was, as it is known now.</summary>
    public WindowTurn Refine(WindowTurn turn) => Guarded(Aligned(_turn, turn));

    private static WindowTurn Guarded(WindowTurn turn) => turn with { Latest = turn.Latest + Guard };

    /// <returns>False where the evidence contradicts what was known; then it replaces it.</returns>
    private bool Narrow(WindowTurn evidence, DateTimeOffset observed)
    {
        TimeSpan drift = (observed - _observed) * Drift;
        WindowTurn known = Aligned(new WindowTurn(_turn.Earliest - drift, _turn.Latest + drift), evidence);
        _observed = observed;
        if (known.Width + evidence.Width >= length)
        {
            // Either may meet the other at both of its ends, a window apart: no telling which.
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

    /// <summary>The same turn whole windows away, nearest to another.</summary>
    private WindowTurn Aligned(WindowTurn turn, WindowTurn to) => turn + (length * Math.Round((Middle(to) - Middle(turn)) / length));

    private static DateTimeOffset Middle(WindowTurn turn) => turn.Earliest + (turn.Width / 2);
}
