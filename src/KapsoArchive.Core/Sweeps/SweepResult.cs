using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Result of one sweep.</summary>
internal sealed record SweepResult
{
    /// <summary>Number of distinct records.</summary>
    public required int Count { get; init; }

    /// <summary>Digest of the set of records.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>Digest of the page boundaries.</summary>
    public required ulong Boundaries { get; init; }

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public required long? Total { get; init; }

    public required ListingOrder Order { get; init; }

    /// <summary>Whether one page held the whole listing, so that all of it was read at one moment.</summary>
    public required bool IsOnePage { get; init; }

    /// <summary>Whether a page proved that nothing follows.</summary>
    public required bool IsEndProven { get; init; }

    /// <summary>Whether the listing did not move and its count did not change.</summary>
    public required bool IsSteady { get; init; }

    /// <summary>Number of seams at which equal times could hide records.</summary>
    public required int LooseSeams { get; init; }

    /// <summary>Whether the pages can belong to one listing: no page repeats records from long before, and the last page shows the end.
    /// Otherwise, the same result a second time proves nothing.</summary>
    public required bool IsSound { get; init; }

    /// <summary>Whether pages lacked records that were listed.</summary>
    public bool HasHoles { get; init; }

    /// <summary>Which records the source cannot return, in words; null if it returned all.</summary>
    public string? Gap { get; init; }

    /// <summary>Whether its pages did not overlap, because the source chooses the page size.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether the source was found to choose the page size.</summary>
    public bool IgnoresPageSize { get; init; }

    /// <summary>Whether it stopped early because the index proves the rest.</summary>
    public bool IsHead { get; init; }

    /// <summary>Why reading on is pointless, in words; null if it is not.</summary>
    public string? Problem { get; init; }

    public bool CountsAgree => Count == Total;

    /// <summary>Whether this sweep alone proves that it has every record that was listed throughout. It must reach a proven end. In
    /// addition, one page held the whole listing, or the listing has an order and either no seam depends on the order of equal times, or
    /// nothing moved and the counts agree.</summary>
    public bool IsProof => IsWhole && !IsPlain && (IsOnePage || (IsOrdered && (LooseSeams == 0 || (CountsAgree && IsSteady))));

    /// <summary>Whether it reached the end, and nothing contradicts that.</summary>
    private bool IsWhole => IsEndProven && IsSound && Gap is null && Problem is null && (!HasHoles || CountsAgree);

    private bool IsOrdered => Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst;

    /// <summary>Whether both sweeps found the same records by pages with other boundaries, and so confirm each other. If the source
    /// chooses the page size, boundaries are always the same: then its count must agree as well.</summary>
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
