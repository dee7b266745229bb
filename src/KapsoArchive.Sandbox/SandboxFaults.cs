namespace KapsoArchive.Sandbox;

/// <summary>The frequency of each fault. A request has at most one fault, which depends only on the seed and the request's number, so the
/// same sequence of requests gets the same faults. The first nine are probabilities; their sum is at most 1. JSON names are
/// snake_case.</summary>
public sealed record SandboxFaults
{
    /// <summary>No faults.</summary>
    public static SandboxFaults None { get; } = new();

    /// <inheritdoc cref="SandboxFaultKind.InternalError"/>
    public double InternalError { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.BadGateway"/>
    public double BadGateway { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.Unavailable"/>
    public double Unavailable { get; init; }

    /// <summary>The probability that a storm of <see cref="StormLength"/> answers with 429 begins.</summary>
    public double ThrottleStorm { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.Reset"/>
    public double Reset { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.Truncated"/>
    public double Truncated { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.Stalled"/>
    public double Stalled { get; init; }

    /// <inheritdoc cref="SandboxFaultKind.Html"/>
    public double Html { get; init; }

    /// <summary>The probability that an answer is <see cref="SlowSeconds"/> late, on the server's clock.</summary>
    public double Slow { get; init; }

    /// <summary>The seed that decides which requests fail.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many requests in a row a storm answers with 429, whatever their URL: 1 to 1,000.</summary>
    public int StormLength { get; init; } = 3;

    /// <summary>Retry-After of 503 and of a storm's 429, in seconds: 0 to 3,600.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>Whether Retry-After is an HTTP date instead of seconds.</summary>
    public bool RetryAfterAsDate { get; init; }

    /// <summary>Delay of a slow answer, in seconds: 0 to 3,600.</summary>
    public double SlowSeconds { get; init; } = 1;

    /// <summary>The most consecutive faults of one URL, so that a client with more retries succeeds. Slow answers do not count.</summary>
    public int MaxConsecutive { get; init; } = 3;

    /// <summary>Everything fails until this is <see cref="SandboxOutage.None"/> again, whatever <see cref="MaxConsecutive"/>
    /// says.</summary>
    public SandboxOutage Outage { get; init; }

    /// <summary>A mix of all kinds, in which about this share of the requests (0 to 1) fails. Stalled answers are rarer, because each costs
    /// the client a time-out.</summary>
    public static SandboxFaults Mixed(double share, int seed = 1)
    {
        double one = share * 3 / 25;
        var mixed = new SandboxFaults
        {
            Seed = seed,
            InternalError = one,
            BadGateway = one,
            Unavailable = one,
            Reset = one,
            Truncated = one,
            Stalled = one / 3,
            Html = one,
            Slow = one,
        };
        return mixed with { ThrottleStorm = one / mixed.StormLength };
    }

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (Probability.FindProblem(
            ("internal_error", InternalError), ("bad_gateway", BadGateway), ("unavailable", Unavailable),
                ("throttle_storm", ThrottleStorm), ("reset", Reset),
            ("truncated", Truncated), ("stalled", Stalled), ("html", Html), ("slow", Slow)) is { } problem) return problem;
        double sum = Probabilities().Sum(fault => fault.Probability);
        // A sum of fractions may exceed 1 by rounding.
        if (sum > 1.000001) return $"The probabilities of all faults must add up to 1 at most; they add up to {sum}.";
        if (StormLength is < 1 or > 1_000) return $"storm_length must be from 1 to 1000; it is {StormLength}.";
        if (RetryAfterSeconds is < 0 or > 3_600) return $"retry_after_seconds must be from 0 to 3600; it is {RetryAfterSeconds}.";
        if (SlowSeconds is not (>= 0 and <= 3_600)) return $"slow_seconds must be from 0 to 3600; it is {SlowSeconds}.";
        if (MaxConsecutive < 1) return $"max_consecutive must be 1 or more; it is {MaxConsecutive}.";
        return Enum.IsDefined(Outage) ? null : $"outage must be none, error, unavailable or reset; it is {Outage}.";
    }

    /// <summary>The fault that the request's number selects; null if there is none.</summary>
    internal SandboxFaultKind? Of(long request)
    {
        for (long earlier = request; ThrottleStorm > 0 && earlier > Math.Max(0, request - StormLength); earlier--)
        {
            if (Draw(earlier) == SandboxFaultKind.ThrottleStorm) return SandboxFaultKind.ThrottleStorm;
        }
        return Draw(request);
    }

    private SandboxFaultKind? Draw(long request)
    {
        double drawn = Scramble.Fraction(Scramble.Bits(Scramble.Bits((ulong)Seed, 0xFA17), (ulong)request));
        foreach (var (kind, probability) in Probabilities())
        {
            drawn -= probability;
            if (drawn < 0) return kind;
        }
        return null;
    }

    private (SandboxFaultKind Kind, double Probability)[] Probabilities() =>
    [
        (SandboxFaultKind.InternalError, InternalError),
        (SandboxFaultKind.BadGateway, BadGateway),
        (SandboxFaultKind.Unavailable, Unavailable),
        (SandboxFaultKind.ThrottleStorm, ThrottleStorm),
        (SandboxFaultKind.Reset, Reset),
        (SandboxFaultKind.Truncated, Truncated),
        (SandboxFaultKind.Stalled, Stalled),
        (SandboxFaultKind.Html, Html),
        (SandboxFaultKind.Slow, Slow),
    ];
}
