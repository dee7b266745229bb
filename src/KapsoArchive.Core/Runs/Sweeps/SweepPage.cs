namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>A page with the place that it was asked for.</summary>
internal sealed class SweepPage
{
    /// <summary>Messages, from which on some lengths would cost more than ⌈8/7 × ⌈n/100⌉⌉ requests with one more look.</summary>
    public const int LargeListing = 100_000;

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

    /// <summary>Where it begins, from 0.</summary>
    public long Start => _plan.Start;

    /// <summary>The position behind its last record, if it is full.</summary>
    public long End => _plan.End;

    /// <summary>All records of the page.</summary>
    public int Count => _whole.Items.Count;

    /// <summary>Whether nothing stands before it.</summary>
    public bool IsFirst => _plan.Start == 0;

    /// <summary>
    /// Whether nothing follows. A short page shows it. A full page that ends just where the source's counts say is believed only where one more look would break the promise of what a quiet
    /// reading costs: up to 198 messages, and in the largest listings.
    /// </summary>
    public bool ReachesEnd => Count < _plan.PerPage || (EndsAtCount && _plan.End is (<= 198 or > LargeListing));

    private bool EndsAtCount => _whole.Meta.TotalCount == _plan.End && (_whole.Meta.TotalPages is null || _whole.Meta.TotalPages <= _plan.Page);
}
