using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>What one sweep found.</summary>
internal sealed record SweepResult
{
    /// <summary>Distinct records.</summary>
    public required int Count { get; init; }

    /// <summary>Tells this set of records from another.</summary>
    public required UInt128 Digest { get; init; }

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public required long? Total { get; init; }

    public required ListingOrder Order { get; init; }

    /// <summary>Whether the whole listing came in one page, and so at one moment.</summary>
    public required bool IsOnePage { get; init; }

    /// <summary>Whether every page was joined by the seam rule.</summary>
    public required bool IsJoined { get; init; }

    /// <summary>Whether the listing showed that it moved, or gave no count by which it could show that it did not.</summary>
    public required bool MayHaveMoved { get; init; }

    /// <summary>How many seams equal times could deceive.</summary>
    public required int LooseSeams { get; init; }

    /// <summary>
    /// Whether the source's pages are what pages of one listing can be: none repeats what came long before, and the last one shows the end. Where they are not, finding the same
    /// again proves nothing.
    /// </summary>
    public required bool IsSound { get; init; }

    /// <summary>Whether the source gives pages of its own size, whatever is asked for.</summary>
    public bool IgnoresPageSize { get; init; }

    /// <summary>Whether it stopped early, because what was known proves the rest.</summary>
    public bool IsHead { get; init; }

    /// <summary>What makes reading on pointless, in words; null where nothing does.</summary>
    public string? Problem { get; init; }

    public bool CountsAgree => Count == Total;

    /// <summary>
    /// Whether this sweep alone proves that it has every record listed throughout: it was all one page, or its seams hold in an order, and either nothing moved and the counts agree,
    /// or no seam depends on the order of equal times.
    /// </summary>
    public bool IsProof =>
        IsOnePage ? Total is null || CountsAgree
        : IsJoined && IsSound && Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst && (MayHaveMoved ? LooseSeams == 0 : CountsAgree);

    public bool Agrees(SweepResult other) => IsSound && other.IsSound && (Count, Digest, Total) == (other.Count, other.Digest, other.Total);

    public void Save(BinaryWriter state)
    {
        state.Write(Count);
        state.Write(Digest);
        state.WriteOptional(Total);
        state.Write((byte)Order);
        state.Write(IsOnePage);
        state.Write(IsJoined);
        state.Write(MayHaveMoved);
        state.Write(LooseSeams);
        state.Write(IsSound);
        state.Write(IgnoresPageSize);
    }

    public static SweepResult Restore(BinaryReader state) => new()
    {
        Count = state.ReadInt32(),
        Digest = state.ReadUInt128(),
        Total = state.ReadOptional(),
        Order = (ListingOrder)state.ReadByte(),
        IsOnePage = state.ReadBoolean(),
        IsJoined = state.ReadBoolean(),
        MayHaveMoved = state.ReadBoolean(),
        LooseSeams = state.ReadInt32(),
        IsSound = state.ReadBoolean(),
        IgnoresPageSize = state.ReadBoolean(),
    };
}
