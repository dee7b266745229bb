namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// One reading of a listing from its first page to its last, by pages that overlap (see <see cref="Coverage"/>). Where a seam fails it steps back until one holds;
/// where the listing was pushed back by new messages it reads the head again; where it moved it takes a second look at loose seams. It may end early where what is known
/// proves the rest (see <see cref="HeadRule"/>), or where no more is wanted (see <see cref="RangeRule"/>).
/// </summary>
/// <remarks>What it knows changes only when a page's records have been emitted, so that it can be saved whenever a page is not to be had.</remarks>
internal sealed class Sweep : IAsyncDisposable
{
    /// <summary>Records by which pages overlap once the listing is known to move: most movements between two requests are smaller, so the seam holds and is firm.</summary>
    private const int MovingOverlap = 10;

    /// <summary>
    /// Records by which a listing may be pushed back between two pages without its count growing as much. It takes as many deletions behind: more than this is no movement, but a
    /// source that gives a page again in place of another.
    /// </summary>
    private const int MaxUnexplainedShift = 50;

    private readonly Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> _emit;
    private readonly HeadRule? _head;
    private readonly RangeRule? _range;
    private readonly SweepPages _pages;
    private readonly SecondLooks _looks;
    private readonly OrderDetector _order = new();
    private readonly HashSet<UInt128> _onPage = [];
    private TailReading? _tail;
    private PagePlan _plan = PagePlan.First;
    private long _covered;
    private long _stepBack;
    private int _joined;
    private bool _isAtEnd;
    private bool _isSound = true;

    /// <param name="source">Gives the pages.</param>
    /// <param name="emit">Takes each record, once, as soon as it is covered.</param>
    /// <param name="window">How many pages may be under way; see <see cref="PageAhead"/>.</param>
    /// <param name="head">Where it may end early because the rest is known; null where nothing is.</param>
    /// <param name="range">Where it may end early because no more is wanted; null where everything is.</param>
    public Sweep(PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, Func<int> window, HeadRule? head, RangeRule? range)
    {
        (_emit, _head, _range) = (emit, head, range);
        // Where more may not be wanted, no more pages are fetched ahead than were read: at worst half of all are for nothing.
        _pages = new SweepPages(source, range is null ? window : () => Math.Clamp(_joined, 1, window()));
        _looks = new SecondLooks(_pages, EmitAsync);
        Coverage = new Coverage(_order);
    }

    public Coverage Coverage { get; }

    /// <summary>What it saw beside what it covered: the tail of a listing that had to be read whole after all.</summary>
    public IReadOnlyCollection<UInt128> Aside => _tail?.Coverage.Ids ?? [];

    /// <summary>Pages read so far, those among them that could not be joined.</summary>
    public int Pages => _pages.Count;

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total => _pages.Total;

    private bool IsSeekingCutoff => _head is { IsPastCutoff: false } && Coverage.Order == ListingOrder.NewestFirst && Total is not null;

    private int Overlap => _pages.Moved || IsSeekingCutoff || _range is not null ? MovingOverlap : 1;

    /// <summary>How the next page would overlap, where it will likely be wanted: what is known of the head's length says so.</summary>
    private int LookAhead => IsSeekingCutoff && _plan.End >= Total - _head!.KnownListed ? 0 : Overlap;

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadToEndAsync(cancellationToken))
                return Result(isOnePage: false, isJoined: true) with { IsHead = true };
            if (_joined > 1)
                await ReadNewHeadAsync(cancellationToken);
            if ((_pages.Moved || _pages.Total is null) && Coverage.Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst)
                await _looks.FirmAsync(Coverage, _ => true, cancellationToken);
            return Result(isOnePage: _pages.Count == 1, isJoined: true);
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

    public void Save(BinaryWriter state)
    {
        _pages.Save(state);
        state.Write((byte)_order.Order);
        Coverage.Save(state);
        state.Write(_plan);
        state.Write(_covered);
        state.Write(_stepBack);
        state.Write(_joined);
        state.Write(_isAtEnd);
        state.Write(_isSound);
        _head?.Save(state);
        state.Write(_tail is not null);
        _tail?.Save(state);
    }

    /// <summary>Goes on from what was saved; the sweep must have been made with the same goal.</summary>
    public void Restore(BinaryReader state)
    {
        _pages.Restore(state);
        _order.Restore((ListingOrder)state.ReadByte());
        Coverage.Restore(state);
        _plan = state.ReadPlan();
        _covered = state.ReadInt64();
        _stepBack = state.ReadInt64();
        _joined = state.ReadInt32();
        _isAtEnd = state.ReadBoolean();
        _isSound = state.ReadBoolean();
        _head?.Restore(state);
        if (state.ReadBoolean())
            (_tail = Tail()).Restore(state);
    }

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

    /// <returns>Whether it may end early.</returns>
    private async Task<bool> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (!_isAtEnd)
        {
            if (_tail is { IsGivenUp: false } tail && await tail.ReadAsync(cancellationToken))
                return true;
            long? totalBefore = _pages.Total;
            SweepPage page = await _pages.GetAsync(_plan, LookAhead, cancellationToken);
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                StepBack(totalBefore - _pages.Total ?? 0);
            else if (await GoOnAsync(page, _pages.Total - totalBefore ?? 0, cancellationToken))
                return true;
        }

        return false;
    }

    /// <summary>Joins a page whose seam holds.</summary>
    /// <param name="page">The page.</param>
    /// <param name="grown">By how many the source's count grew since the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the sweep may end early.</returns>
    private async Task<bool> GoOnAsync(SweepPage page, long grown, CancellationToken cancellationToken)
    {
        long shift = page.IsFirst ? 0 : page.Skipped + Coverage.LeadingKnown(page.Records) - Math.Min(_covered - page.Start, page.Count);
        await EmitAsync(page.Records, cancellationToken);
        NoteShift(shift, grown);
        Coverage.Join(page.Records, page.Start, _covered);
        _joined++;
        if (page.ReachesEnd)
        {
            _isSound &= _joined == 1 || Coverage.ReachesFrontier(page.Records);
            _isAtEnd = true;
            return false;
        }

        _covered = page.End;
        _stepBack = 0;
        bool reachesBack = _head is not null && Coverage.Order == ListingOrder.NewestFirst && _head.ReachesBack(page.Records);
        Advance();
        if (_range?.IsPast(page.Records, Coverage.Order) == true)
            return _isSound && await _looks.FirmAsync(Coverage, _range.Concerns, cancellationToken) && _range.IsPast(page.Records, Coverage.Order);
        return reachesBack ? await HeadProvesRestAsync(page, cancellationToken) : MayJump(page);
    }

    private void Advance() => _plan = PagePlan.Next(_covered, _pages.Total, Overlap);

    /// <summary>Whether what is known proves all that was not read, in a listing that is newest first and was read back past the cutoff.</summary>
    private async Task<bool> HeadProvesRestAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (!_isSound || !_head!.IsUnchanged(page.Records))
            return false;
        if (!_head.CountAgrees(_pages.Total))
        {
            _covered += await ReadNewHeadAsync(cancellationToken);
            Advance();
        }

        return _head.CountAgrees(_pages.Total)
            && await _looks.FirmAsync(Coverage, _head.Concerns, cancellationToken)
            && _head.CountAgrees(_pages.Total)
            && Coverage.Order == ListingOrder.NewestFirst;
    }

    /// <summary>In a listing that is oldest first, what is new stands at the end: aims at the tail, where what is known can prove the rest.</summary>
    /// <returns>False: the tail is yet to be read.</returns>
    private bool MayJump(SweepPage page)
    {
        if (_head is not null && _joined == 1 && Coverage.Order == ListingOrder.OldestFirst && _pages.Total is not null)
            (_tail = Tail()).Plan(page.Records);
        return false;
    }

    private TailReading Tail() => new(_pages, _head!, _order, _looks, EmitAsync);

    /// <summary>
    /// Deletions pulled the listing past the overlap: aims at the page that overlaps what was covered before the last records, as many as the count fell by and more and more, until it is another page than before.
    /// </summary>
    private void StepBack(long fallen)
    {
        _pages.Moved = true;
        _stepBack = Math.Max(_stepBack, fallen);
        PagePlan from = _plan;
        do
        {
            _stepBack = Math.Max(1, _stepBack * 2);
            _plan = PagePlan.Next(_covered - _stepBack, _pages.Total, Overlap);
        }
        while (_plan.Start >= from.Start);
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
    /// <returns>How many records were new.</returns>
    private async Task<int> ReadNewHeadAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order == ListingOrder.OldestFirst || !(_pages.PushedBack || _pages.Total > _pages.HeadTotal))
            return 0;
        int all = 0;
        PagePlan plan = PagePlan.First;
        while (true)
        {
            SweepPage page = await _pages.GetAsync(plan, overlap: 0, cancellationToken);
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                break; // It runs away faster than it can be read. What it was when the sweep began is covered.
            await EmitAsync(page.Records, cancellationToken);
            int added = Coverage.Join(page.Records, plan.Start, plan.Start);
            all += added;
            if (added < page.Records.Items.Count - (page.IsFirst ? 0 : 1) || page.ReachesEnd)
                break;
            plan = PagePlan.Next(plan.End, null, overlap: 1);
        }

        _pages.NoteHead();
        return all;
    }

    private async ValueTask EmitAsync(ListingPage page, CancellationToken cancellationToken)
    {
        List<ListingItem> added = new(page.Items.Count);
        _onPage.Clear();
        foreach (ListingItem item in page.Items)
        {
            if (!Coverage.Ids.Contains(item.Id) && _tail?.Coverage.Ids.Contains(item.Id) != true && _onPage.Add(item.Id))
                added.Add(item);
        }

        await _emit(added, cancellationToken);
        _head?.Note(added);
    }
}
