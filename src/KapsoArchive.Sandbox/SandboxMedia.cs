using System.Collections.Frozen;

namespace KapsoArchive.Sandbox;

/// <summary>The files behind the records' links. A link answers with a redirect to a storage service on a port of its own; that link
/// expires. Every file is a pure function of its message and these options.</summary>
public sealed record SandboxMedia
{
    internal const long MostBytes = 250_000_000;

    /// <summary>How long a link to the storage service works, on the server's clock.</summary>
    public TimeSpan LinkLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>About how many bytes a file has, if that is more than it needs: 0 to 250 MB.</summary>
    public long Bytes { get; init; }

    /// <summary>About how many bytes the files of some messages have, by message id.</summary>
    public IReadOnlyDictionary<string, long> BytesOf { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>The share of messages (0 to 1) that have one of four files, as with stickers.</summary>
    public double Duplicates { get; init; } = 0.1;

    /// <summary>The share of outbound messages (0 to 1) without a link until <see cref="SandboxMediaHost.ShowsLateLinks"/> is
    /// set.</summary>
    public double LateLinks { get; init; }

    /// <summary>The initial faults.</summary>
    public SandboxMediaFaults Faults { get; init; } = SandboxMediaFaults.None;

    /// <summary>Describes the first option that is out of range; null if all are valid.</summary>
    internal string? FindProblem()
    {
        if (LinkLife <= TimeSpan.Zero) return $"Media.LinkLife must be above zero; it is {LinkLife}.";
        if (Bytes is < 0 or > MostBytes) return $"Media.Bytes must be from 0 to {MostBytes}; it is {Bytes}.";
        if (BytesOf.Values.Any(bytes => bytes is < 0 or > MostBytes)) return $"Media.BytesOf must each be from 0 to {MostBytes}.";
        return Probability.FindProblem(("Media.Duplicates", Duplicates), ("Media.LateLinks", LateLinks)) ?? Faults.FindProblem();
    }
}
