namespace KapsoArchive.Core.Sweeps;

/// <summary>Result of reading a listing.</summary>
internal sealed record ListingVerdict
{
    public required bool IsComplete { get; init; }

    /// <summary>Why the listing is not complete, or what is odd about a complete one; null if there is nothing to report.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether a full sweep showed that it is complete; false if the index proved the rest.</summary>
    public bool IsFull { get; init; }

    /// <summary>Whether pages proved the end, so that a known message that was not found counts as no longer listed.</summary>
    public bool IsWitness => IsComplete && IsFull;
}
