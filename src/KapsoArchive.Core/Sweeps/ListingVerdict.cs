namespace KapsoArchive.Core.Sweeps;

/// <summary>What came of reading a listing.</summary>
internal sealed record ListingVerdict
{
    public required bool IsComplete { get; init; }

    /// <summary>Why the listing is not complete, or what is odd although it is; null if there is nothing to say.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether it is complete by a full sweep; false if what was known proved the rest.</summary>
    public bool IsFull { get; init; }

    /// <summary>Whether the end was proven by pages, so that what it lacks counts as not listed.</summary>
    public bool IsWitness => IsComplete && IsFull;
}
