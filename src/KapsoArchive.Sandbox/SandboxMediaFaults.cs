using System.Collections.Frozen;

namespace KapsoArchive.Sandbox;

/// <summary>Which links fail and how. A link's fault depends only on the seed and the link, so the same links fail in any order of
/// requests. JSON names are snake_case.</summary>
public sealed record SandboxMediaFaults
{
    /// <summary>No faults.</summary>
    public static SandboxMediaFaults None { get; } = new();

    /// <summary>The share of links (0 to 1) with each fault; their sum is at most 1.</summary>
    public IReadOnlyDictionary<SandboxMediaFaultKind, double> Shares { get; init; } =
        FrozenDictionary<SandboxMediaFaultKind, double>.Empty;

    /// <summary>The faults of chosen messages or links, before <see cref="Shares"/>. The one named first counts.</summary>
    public IReadOnlyList<SandboxMediaFault> Chosen { get; init; } = [];

    /// <summary>The seed that decides which links fail.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many requests for a link fail before it works: 1 or more. Null lets all fail.</summary>
    public int? Times { get; init; }

    /// <summary>Whether the link itself fails. Otherwise it redirects, and the storage service fails.</summary>
    public bool AtLink { get; init; }

    /// <summary>The redirects before a file: 0 (the link answers with the file) to 50.</summary>
    public int Redirects { get; init; } = 1;

    /// <summary>Delay of a slow answer, in seconds on the server's clock: 0 to 3,600.</summary>
    public double SlowSeconds { get; init; } = 1;

    /// <summary>Where a redirect to a private address leads. Null selects one of several by the link.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (Shares.Values.Any(share => share is not (>= 0 and <= 1)) || Shares.Values.Sum() > 1.000001)
            return "shares must each be from 0 to 1, and add up to 1 at most.";
        if (Chosen.Any(chosen => string.IsNullOrEmpty(chosen.Target))) return "chosen must each have a target: a message id or a link.";
        if (Times < 1) return $"times must be 1 or more; it is {Times}.";
        if (Redirects is < 0 or > 50) return $"redirects must be from 0 to 50; it is {Redirects}.";
        return SlowSeconds is >= 0 and <= 3_600 ? null : $"slow_seconds must be from 0 to 3600; it is {SlowSeconds}.";
    }
}

/// <summary>The fault of one message or link.</summary>
/// <param name="Target">A message id, which means all its links, or a link.</param>
/// <param name="Kind">What goes wrong.</param>
public sealed record SandboxMediaFault(string Target, SandboxMediaFaultKind Kind);
