namespace KapsoArchive.Core.Sweeps;

/// <summary>A page together with the position at which it was requested.</summary>
internal sealed class SweepPage
{
    private readonly PagePlan _plan;

    /// <param name="plan">The request.</param>
    /// <param name="whole">The page.</param>
    /// <param name="largest">Size of the largest page in this run, including this one.</param>
    public SweepPage(PagePlan plan, ListingPage whole, int largest)
    {
        (_plan, Count) = (plan, whole.Items.Length);
        IsLast = EndRule.IsLast(plan.PerPage, whole.Items.Length, largest);
        while (!IsFirst && Requested > 1 && Skipped < whole.Items.Length && !whole.Items[Skipped].IsMessage)
            Skipped++;
        Records = Skipped == 0 ? whole : whole with { Items = [.. whole.Items.Skip(Skipped)] };
    }

    /// <summary>The records from the first message on; all records for the listing's first page. A rejected record is identified by the
    /// records before it, and those before the page's first record are not known here. If the seam holds, the skipped records are covered,
    /// like everything that precedes a covered record.</summary>
    public ListingPage Records { get; }

    /// <summary>Number of records before <see cref="Records"/>.</summary>
    public int Skipped { get; }

    /// <summary>Position of the first record, from 0.</summary>
    public long Start => _plan.Start;

    /// <summary>Position after the last requested record.</summary>
    public long End => _plan.End;

    /// <summary>Position after the last returned record.</summary>
    public long Reach => Start + Count;

    /// <summary>Number of records requested.</summary>
    public int Requested => _plan.PerPage;

    /// <summary>Number of records in the page.</summary>
    public int Count { get; }

    /// <summary>Whether it is the first page of the listing.</summary>
    public bool IsFirst => _plan.Start == 0;

    /// <summary>Whether it is so short that nothing can follow: see <see cref="EndRule"/>.</summary>
    public bool IsLast { get; }
}
