namespace KapsoArchive.Core.Sweeps;

/// <summary>Order of the records of a listing by <c>created_at</c>. It is detected from the records, never assumed.</summary>
internal enum ListingOrder
{
    /// <summary>Fewer than two different times were seen.</summary>
    Unknown,
    NewestFirst,
    OldestFirst,

    /// <summary>Times go up and down: the order cannot be relied on.</summary>
    None,
}

/// <summary>Detects the order of a listing from its pages.</summary>
internal sealed class OrderDetector
{
    public ListingOrder Order { get; private set; }

    /// <summary>Continues with an order that was detected earlier.</summary>
    public void Restore(ListingOrder order) => Order = order;

    /// <summary>Notes the records of one page, in listing order.</summary>
    public void Add(IReadOnlyList<ListingItem> page)
    {
        long? before = null;
        foreach (ListingItem item in page)
        {
            if (item.CreatedAt is not { } time)
                continue;
            if (before is not null && before != time)
                Step(time < before ? ListingOrder.NewestFirst : ListingOrder.OldestFirst);
            before = time;
        }
    }

    /// <summary>Whether a record with the time <paramref name="first"/> precedes every record with the time <paramref name="second"/>,
    /// whatever the order of equal times.</summary>
    public bool Precedes(long first, long second) => Order switch
    {
        ListingOrder.NewestFirst => first > second,
        ListingOrder.OldestFirst => first < second,
        _ => false,
    };

    private void Step(ListingOrder seen)
    {
        if (Order == ListingOrder.Unknown)
            Order = seen;
        else if (Order != seen)
            Order = ListingOrder.None;
    }
}
