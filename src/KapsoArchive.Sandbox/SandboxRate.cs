namespace KapsoArchive.Sandbox;

/// <summary>The rate limit and the competing use of it. JSON names are snake_case.</summary>
public sealed record SandboxRate
{
    /// <summary>Requests per key and window. 0 disables the limit and its headers.</summary>
    public int Limit { get; init; }

    /// <summary>The limits of the windows from the one in which this is set; the last one then remains in force. If null or empty,
    /// <see cref="Limit"/> applies to all.</summary>
    public IReadOnlyList<int>? Limits { get; init; }

    /// <summary>The requests that another client of the same key makes in each window, evenly distributed. They are also refused past the
    /// limit.</summary>
    public int CompetingRequestsPerWindow { get; init; }

    /// <summary>The limit of a window; window 0 is the one in which this was set.</summary>
    public int LimitOf(long window) => Limits is { Count: > 0 } limits ? limits[(int)Math.Clamp(window, 0, limits.Count - 1)] : Limit;

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (Limit < 0) return $"limit must be 0 (no limit) or more; it is {Limit}.";
        if (Limits?.Any(limit => limit < 0) == true) return "limits must each be 0 (no limit) or more.";
        return CompetingRequestsPerWindow < 0 ? $"competing_requests_per_window must be 0 or more; it is {CompetingRequestsPerWindow}."
            : null;
    }
}
