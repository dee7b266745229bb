namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>A page with the place that it was asked for.</summary>
internal sealed class SweepPage
{
    private readonly PagePlan _plan;
    private readonly ListingPage _whole;

    public SweepPage(PagePlan plan, ListingPage whole)
    {
        (_plan, _whole) = (plan, whole);
        while (!IsFirst && Skipped < whole.Items.Count && whole.Items[Skipped].Rejected is not null)
            Skipped++;
        Records = Skipped == 0 ? whole : whole with { Items = [.. whole.Items.Skip(Skipped)] };
    }

    /// <summary>
    /// The records from the first message on; on the listing's first page, all. What is no message is told apart by what stands before it, which for those that begin a page is not on it;
    /// where the seam holds they are covered, like all that stands before a covered record.
    /// </summary>
    public ListingPage Records { get; }

    /// <summary>Records before <see cref="Records"/>.</summary>
    public int Skipped { get; }

    /// <summary>All records of the page.</summary>
    public int Count => _whole.Items.Count;

    /// <summary>Whether nothing stands before it.</summary>
    public bool IsFirst => _plan.Start == 0;

    /// <summary>Whether nothing follows: it is short, or the source's counts say that the listing ends just there.</summary>
    public bool ReachesEnd => Count < _plan.PerPage || (_whole.Meta.TotalCount == _plan.End && (_whole.Meta.TotalPages is null || _whole.Meta.TotalPages <= _plan.Page));
}
