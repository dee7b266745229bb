namespace KapsoArchive.Core.Sweeps;

/// <summary>How the records of a listing follow each other by <c>created_at</c>. Found from the records, never assumed.</summary>
internal enum ListingOrder
{
    /// <summary>Fewer than two different times were seen.</summary>
    Unknown,
    NewestFirst,
    OldestFirst,

    /// <summary>Times go up and down: the order is none that can be relied on.</summary>
    None,
}

/// <summary>Finds the order of a listing from its pages.</summary>
internal sealed class OrderDetector
{
    public ListingOrder Order { get; private set; }

    /// <summary>Goes on from what was found before.</summary>
    public void Restore(ListingOrder order) => Order = order;

    /// <summary>Takes in the records of one page, which follow each other.</summary>
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

    /// <summary>Whether a record of time <paramref name="first"/> stands before every record of time <paramref name="second"/>, whatever
    /// the order of equal times.</summary>
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
