using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>What one sweep found.</summary>
internal sealed record SweepResult
{
    /// <summary>Distinct records.</summary>
    public required int Count { get; init; }

    /// <summary>Tells this set of records from another.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>Tells the boundaries of its pages from those of another sweep.</summary>
    public required ulong Boundaries { get; init; }

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public required long? Total { get; init; }

    public required ListingOrder Order { get; init; }

    /// <summary>Whether one page had the whole listing, and so at one moment.</summary>
    public required bool IsOnePage { get; init; }

    /// <summary>Whether a page proved that nothing follows.</summary>
    public required bool IsEndProven { get; init; }

    /// <summary>Whether the listing did not move, and its count did not change.</summary>
    public required bool IsSteady { get; init; }

    /// <summary>How many seams equal times could deceive.</summary>
    public required int LooseSeams { get; init; }

    /// <summary>
    /// Whether the source's pages are what pages of one listing can be: none repeats what came long before, and the last one shows the
    /// end. If they are not, finding the same
    /// again proves nothing.
    /// </summary>
    public required bool IsSound { get; init; }

    /// <summary>Whether pages lacked records that were listed.</summary>
    public bool HasHoles { get; init; }

    /// <summary>Which records the source cannot give, in words; null if it gave all.</summary>
    public string? Gap { get; init; }

    /// <summary>Whether its pages did not overlap, because the source gives pages of its own size.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether the source was found to give pages of its own size.</summary>
    public bool IgnoresPageSize { get; init; }

    /// <summary>Whether it stopped early, because what was known proves the rest.</summary>
    public bool IsHead { get; init; }

    /// <summary>What makes reading on pointless, in words; null if nothing does.</summary>
    public string? Problem { get; init; }

    public bool CountsAgree => Count == Total;

    /// <summary>
    /// Whether this sweep alone proves that it has every record listed throughout: behind a proven end, it was all one page, or its seams
    /// hold in an order, and either none of them depends on the order of
    /// equal times, or nothing moved and the counts agree.
    /// </summary>
    public bool IsProof => IsWhole && !IsPlain && (IsOnePage || (IsOrdered && (LooseSeams == 0 || (CountsAgree && IsSteady))));

    /// <summary>Whether it reached the end, and nothing speaks against it.</summary>
    private bool IsWhole => IsEndProven && IsSound && Gap is null && Problem is null && (!HasHoles || CountsAgree);

    private bool IsOrdered => Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst;

    /// <summary>Whether both found the same records by pages with other boundaries, and so vouch for each other. Pages of the source's own
    /// size have one form only: then its count must agree as well.</summary>
    public bool Agrees(SweepResult other) =>
        IsWhole && other.IsWhole && (Count, Digest) == (other.Count, other.Digest)
        && (IsPlain || other.IsPlain ? CountsAgree && other.CountsAgree : Boundaries != other.Boundaries);

    public void Save(BinaryWriter state)
    {
        state.Write(Count);
        state.Write(Digest);
        state.Write(Boundaries);
        state.WriteOptional(Total);
        state.Write((byte)Order);
        state.Write(IsOnePage);
        state.Write(IsEndProven);
        state.Write(IsSteady);
        state.Write(LooseSeams);
        state.Write(IsSound);
        state.Write(HasHoles);
        state.WriteOptional(Gap);
        state.Write(IsPlain);
        state.Write(IgnoresPageSize);
    }

    public static SweepResult Restore(BinaryReader state) => new()
    {
        Count = state.ReadInt32(),
        Digest = state.ReadUInt128(),
        Boundaries = state.ReadUInt64(),
        Total = state.ReadOptional(),
        Order = (ListingOrder)state.ReadByte(),
        IsOnePage = state.ReadBoolean(),
        IsEndProven = state.ReadBoolean(),
        IsSteady = state.ReadBoolean(),
        LooseSeams = state.ReadInt32(),
        IsSound = state.ReadBoolean(),
        HasHoles = state.ReadBoolean(),
        Gap = state.ReadOptionalText(),
        IsPlain = state.ReadBoolean(),
        IgnoresPageSize = state.ReadBoolean(),
    };
}
