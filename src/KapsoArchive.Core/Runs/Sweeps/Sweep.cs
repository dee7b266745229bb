namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// One reading of a listing from its first page to its last, by pages that overlap (see <see cref="Coverage"/>). Where a seam fails it steps back until one holds;
/// where the listing was pushed back by new messages it reads the head again; where it moved it takes a second look at loose seams.
/// </summary>
/// <param name="source">Gives the pages.</param>
/// <param name="emit">Takes each record, once, as soon as it is covered.</param>
/// <param name="window">How many pages may be under way; see <see cref="PageAhead"/>.</param>
internal sealed class Sweep(PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, Func<int> window) : IAsyncDisposable
{
    /// <summary>Records by which pages overlap once the listing is known to move: most movements between two requests are smaller, so the seam holds and is firm.</summary>
    private const int MovingOverlap = 10;

    /// <summary>
    /// Records by which a listing may be pushed back between two pages without its count growing as much. It takes as many deletions behind: more than this is no movement, but a
    /// source that gives a page again in place of another.
    /// </summary>
    private const int MaxUnexplainedShift = 50;

    /// <summary>Where to look for a loose seam, from the position that it had: the listing has moved since.</summary>
    private static readonly long[] SecondLooks = [0, -40, 40];

    private readonly SweepPages _pages = new(source, window);
    private bool _isSound = true;

    public Coverage Coverage { get; } = new();

    /// <summary>Pages read so far, those among them that could not be joined.</summary>
    public int Pages => _pages.Count;

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total => _pages.Total;

    private int Overlap => _pages.Moved ? MovingOverlap : 1;

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            int joined = await ReadToEndAsync(cancellationToken);
            if (joined > 1)
                await ReadNewHeadAsync(cancellationToken);
            int loose = _pages.Moved || _pages.Total is null ? await FirmSeamsAsync(cancellationToken) : Coverage.LooseSeams.Count;
            return Result(isOnePage: _pages.Count == 1, isJoined: true) with { LooseSeams = loose };
        }
        catch (PageSizeIgnoredException)
        {
            return Result(isOnePage: false, isJoined: false) with { IgnoresPageSize = true };
        }
        catch (EndlessListingException e)
        {
            return Result(isOnePage: false, isJoined: false) with { Problem = e.Message };
        }
    }

    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    private SweepResult Result(bool isOnePage, bool isJoined) => new()
    {
        Count = Coverage.Count,
        Digest = Coverage.Digest,
        Total = _pages.Total,
        Order = Coverage.Order,
        IsOnePage = isOnePage,
        IsJoined = isJoined,
        MayHaveMoved = _pages.Moved || _pages.Total is null,
        LooseSeams = Coverage.LooseSeams.Count,
        IsSound = _isSound,
    };

    /// <returns>How many pages were joined.</returns>
    private async Task<int> ReadToEndAsync(CancellationToken cancellationToken)
    {
        PagePlan plan = PagePlan.First;
        long covered = 0;
        long stepBack = 0;
        for (int joined = 0; ;)
        {
            long? totalBefore = _pages.Total;
            SweepPage page = await _pages.GetAsync(plan, Overlap, cancellationToken);
            if (!page.IsFirst && !Coverage.Holds(page.Records))
            {
                // Deletions pulled the listing past the overlap: steps back, by what its count fell and more, until the seam holds.
                _pages.Moved = true;
                stepBack = Math.Max(stepBack, totalBefore - _pages.Total ?? 0);
                plan = StepBack(plan, covered, ref stepBack);
                continue;
            }

            if (!page.IsFirst)
                NoteShift(page.Skipped + Coverage.LeadingKnown(page.Records) - Math.Min(covered - plan.Start, page.Count), _pages.Total - totalBefore ?? 0);
            await emit(Coverage.Join(page.Records, plan.Start, covered), cancellationToken);
            joined++;
            if (page.ReachesEnd)
            {
                _isSound &= joined == 1 || Coverage.ReachesFrontier(page.Records);
                return joined;
            }

            covered = plan.End;
            stepBack = 0;
            plan = PagePlan.Next(covered, _pages.Total, Overlap);
        }
    }

    /// <summary>The page that overlaps what was covered before the last <paramref name="by"/> records, and by more and more until it is another page than before.</summary>
    private PagePlan StepBack(PagePlan from, long covered, ref long by)
    {
        PagePlan plan;
        do
        {
            by = Math.Max(1, by * 2);
            plan = PagePlan.Next(covered - by, _pages.Total, Overlap);
        }
        while (plan.Start >= from.Start);
        return plan;
    }

    /// <summary>A page that begins with more, or fewer, known records than it should shows that the listing moved.</summary>
    /// <param name="by">How many more; below zero, how many fewer.</param>
    /// <param name="grown">By how many the source's count grew meanwhile.</param>
    private void NoteShift(long by, long grown)
    {
        _pages.Moved |= by != 0;
        _pages.PushedBack |= by > 0;
        _isSound &= by - grown < MaxUnexplainedShift;
    }

    /// <summary>New messages at the head pushed the listing back, or made its count grow: reads from the first page on, until a record is known.</summary>
    private async Task ReadNewHeadAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order == ListingOrder.OldestFirst || !(_pages.PushedBack || _pages.Total > _pages.FirstTotal))
            return;
        PagePlan plan = PagePlan.First;
        while (true)
        {
            SweepPage page = await _pages.GetAsync(plan, overlap: 0, cancellationToken);
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                return; // It runs away faster than it can be read. What it was when the sweep began is covered.
            IReadOnlyList<ListingItem> added = Coverage.Join(page.Records, plan.Start, plan.Start);
            await emit(added, cancellationToken);
            if (added.Count < page.Records.Items.Count - (page.IsFirst ? 0 : 1) || page.ReachesEnd)
                return;
            plan = PagePlan.Next(plan.End, null, overlap: 1);
        }
    }

    /// <summary>Looks again where equal times could deceive, with room on both sides.</summary>
    /// <returns>How many seams stay loose.</returns>
    private async Task<int> FirmSeamsAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order is not (ListingOrder.NewestFirst or ListingOrder.OldestFirst))
            return Coverage.LooseSeams.Count;
        int loose = 0;
        foreach (LooseSeam seam in Coverage.LooseSeams.ToList())
            loose += await FirmAsync(seam, cancellationToken) ? 0 : 1;
        return loose;
    }

    private async Task<bool> FirmAsync(LooseSeam seam, CancellationToken cancellationToken)
    {
        foreach (long shift in SecondLooks)
        {
            PagePlan plan = PagePlan.Around(Math.Max(0, seam.Position + shift));
            SweepPage page = await _pages.GetAsync(plan, overlap: 0, cancellationToken);
            if (Coverage.Firm(seam, page) is { } added)
            {
                await emit(added, cancellationToken);
                return true;
            }
        }

        return false;
    }
}
