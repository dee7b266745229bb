namespace KapsoArchive.Core.Sweeps;

/// <summary>Numbers the records of one sweep in the order in which its overlapping pages show them, so that records with equal times keep
/// their order. A larger number is later: the numbers fall if the listing is newest first. A raw offset would not do, because the listing
/// moves while it is read.</summary>
/// <param name="order">The order of the listing, as far as it is known.</param>
/// <param name="shape">Provides the order in which this source lists, if the records do not show it.</param>
internal sealed class ListingPositions(OrderDetector order, SourceShape shape)
{
    /// <summary>First number of a tail, which is read before the records between it and the first page.</summary>
    private const long Tail = 1L << 40;

    private long _first;
    private long _next;
    private long _nextOfTail = Tail;

    /// <summary>Numbers records that follow all records numbered so far.</summary>
    public void Append(IReadOnlyList<ListingItem> items) => Number(items, ref _next);

    /// <summary>Numbers records at the end of the listing, before its middle was read.</summary>
    public void AppendTail(IReadOnlyList<ListingItem> items) => Number(items, ref _nextOfTail);

    /// <summary>Numbers records that precede all records numbered so far.</summary>
    public void Prepend(IReadOnlyList<ListingItem> items)
    {
        long next = _first -= items.Count;
        Number(items, ref next);
    }

    public void Save(BinaryWriter state)
    {
        state.Write(_first);
        state.Write(_next);
        state.Write(_nextOfTail);
    }

    public void Restore(BinaryReader state)
    {
        _first = state.ReadInt64();
        _next = state.ReadInt64();
        _nextOfTail = state.ReadInt64();
    }

    private void Number(IReadOnlyList<ListingItem> items, ref long next)
    {
        bool isOldestFirst = Shown(items) == ListingOrder.OldestFirst;
        foreach (ListingItem item in items)
        {
            if (item.Row is { } row)
                row.Position = isOldestFirst ? next : -next;
            next++;
        }
    }

    /// <summary>The order that the listing shows with these records; otherwise the order that the source showed in other
    /// listings.</summary>
    private ListingOrder Shown(IReadOnlyList<ListingItem> items)
    {
        if (order.Order != ListingOrder.Unknown)
            return order.Order == ListingOrder.None ? shape.Order : order.Order;
        OrderDetector here = new();
        here.Add(items);
        return here.Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst ? here.Order : shape.Order;
    }
}
