namespace KapsoArchive.Sandbox;

/// <summary>The rate limit, and who else lives on it. JSON names are snake_case.</summary>
public sealed record SandboxRate
{
    /// <summary>Requests per key and window. 0: no limit, and no rate headers either.</summary>
    public int Limit { get; init; }

    /// <summary>The limits of the first windows from the one in which this is set; the last of them stays. Null or empty: <see cref="Limit"/> in all.</summary>
    public IReadOnlyList<int>? Limits { get; init; }

    /// <summary>The requests that another client of the same key makes in each window, evenly over its length. It too is refused past the limit.</summary>
    public int CompetingRequestsPerWindow { get; init; }

    /// <summary>The limit of a window, 0 being the one in which this was set.</summary>
    public int LimitOf(long window) => Limits is { Count: > 0 } limits ? limits[(int)Math.Clamp(window, 0, limits.Count - 1)] : Limit;

    /// <summary>The first option that is out of its bounds, in a sentence; null where all are fine.</summary>
    internal string? FindProblem()
    {
        if (Limit < 0) return $"limit must be 0 (no limit) or more; it is {Limit}.";
        if (Limits?.Any(limit => limit < 0) == true) return "limits must each be 0 (no limit) or more.";
        return CompetingRequestsPerWindow < 0 ? $"competing_requests_per_window must be 0 or more; it is {CompetingRequestsPerWindow}." : null;
    }
}
