namespace KapsoArchive.Core.Sweeps;

/// <summary>A page with the place that it was asked for.</summary>
internal sealed class SweepPage
{
    private readonly PagePlan _plan;
    private readonly ListingPage _whole;

    /// <param name="plan">Where it was asked for.</param>
    /// <param name="whole">The page.</param>
    /// <param name="largest">The most records that a page had in this run, this one included.</param>
    public SweepPage(PagePlan plan, ListingPage whole, int largest)
    {
        (_plan, _whole) = (plan, whole);
        IsLast = EndRule.IsLast(plan.PerPage, whole.Items.Count, largest);
        while (!IsFirst && Requested > 1 && Skipped < whole.Items.Count && whole.Items[Skipped].Rejected is not null)
            Skipped++;
        Records = Skipped == 0 ? whole : whole with { Items = [.. whole.Items.Skip(Skipped)] };
    }

    /// <summary>
    /// The records from the first message on; on the listing's first page, all. What is no message is told apart by what stands before it,
    /// which for those that begin a page is not on it;
    /// where the seam holds they are covered, like all that stands before a covered record.
    /// </summary>
    public ListingPage Records { get; }

    /// <summary>Records before <see cref="Records"/>.</summary>
    public int Skipped { get; }

    /// <summary>Where it begins, from 0.</summary>
    public long Start => _plan.Start;

    /// <summary>The position behind the last record that was requested.</summary>
    public long End => _plan.End;

    /// <summary>The position behind the last record that came.</summary>
    public long Reach => Start + Count;

    /// <summary>Records that were requested.</summary>
    public int Requested => _plan.PerPage;

    /// <summary>All records of the page.</summary>
    public int Count => _whole.Items.Count;

    /// <summary>Whether nothing stands before it.</summary>
    public bool IsFirst => _plan.Start == 0;

    /// <summary>Whether it is too short for anything to follow: see <see cref="EndRule"/>.</summary>
    public bool IsLast { get; }
}
