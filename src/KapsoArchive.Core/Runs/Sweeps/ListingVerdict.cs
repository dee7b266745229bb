namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>What came of reading a listing.</summary>
internal sealed record ListingVerdict
{
    public required bool IsComplete { get; init; }

    /// <summary>Why the listing is not complete, or what is odd or open where it is; null where there is nothing to say.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether it is complete by a full sweep; false where what was known proved the rest.</summary>
    public bool IsFull { get; init; }

    /// <summary>The known messages that two complete full sweeps in a row did not find.</summary>
    public IReadOnlyCollection<UInt128> Removed { get; init; } = [];
}
