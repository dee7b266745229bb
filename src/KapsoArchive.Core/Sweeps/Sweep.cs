using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>
/// One reading of a listing from its first page to its last, by pages that overlap (see <see cref="Coverage"/>), until a page proves the
/// end (see <see cref="EndRule"/>). If a seam fails it steps back until one
/// holds; if new messages pushed the listing back it reads the head again; if it moved it takes a second look at loose seams. It may end
/// early if what is known
/// proves the rest (see <see cref="HeadRule"/>), or if no more is wanted (see <see cref="RangeRule"/>).
/// </summary>
/// <remarks>What it knows changes only when a page's records have been emitted, so that it can be saved whenever a page is not to be
/// had.</remarks>
internal sealed class Sweep : IAsyncDisposable
{
    /// <summary>Records by which pages overlap once the listing is known to move: most movements between two requests are smaller, so the
    /// seam holds and is firm.</summary>
    private const int MovingOverlap = 10;

    /// <summary>Loose seams that a second look makes firm in a listing that stands still; with more of them another sweep costs
    /// less.</summary>
    private const int FewSeams = 3;

    private readonly SourceShape _shape;
    private readonly HeadRule? _head;
    private readonly RangeRule? _range;
    private readonly PageChooser _chooser;
    private readonly SweepPages _pages;
    private readonly SweepWalk _walk;
    private readonly SweepEmitter _emitter;
    private readonly SecondLooks _looks;
    private readonly OrderDetector _order = new();
    private readonly ListingPositions _positions;
    private readonly bool _isKnown;
    private TailReading? _tail;
    private bool _isCountChecked;

    /// <param name="setting">What it reads, and how.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="emit">Takes each record, once, as soon as it is covered.</param>
    /// <param name="head">Where it may end early because the rest is known; null if nothing is.</param>
    public Sweep(SweepSetting setting, int number, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, HeadRule? head)
    {
        (_shape, _head, _range, _isKnown) = (setting.Shape, head, RangeRule.For(setting.Goal), setting.Goal.Known.Count > 0);
        Coverage = new Coverage(_order);
        _positions = new ListingPositions(_order, setting.Shape);
        _emitter = new SweepEmitter(Coverage, head, emit);
        _chooser = new PageChooser(setting.Shape, number, setting.Goal.Unreadable);
        // If more may not be wanted, no more pages are fetched ahead than were read: at worst half of all are for nothing.
        Func<int> window = _range is null ? setting.Window : () => Math.Clamp(_walk!.Joined, 1, setting.Window());
        _pages = new SweepPages(setting.Source, setting.Shape, _chooser, window, setting.Goal.MaxRecords);
        _walk = new SweepWalk(setting.Shape, _chooser, _pages, Coverage);
        _looks = new SecondLooks(_pages, _chooser, (page, token) => _emitter.EmitAsync(page, _positions.Append, token));
    }

    public Coverage Coverage { get; }

    /// <summary>What it saw beside what it covered: the tail of a listing that had to be read whole after all.</summary>
    public IReadOnlyCollection<UInt128> Aside => _tail?.Coverage.Ids ?? [];

    /// <summary>Pages read so far, those among them that could not be joined.</summary>
    public int Pages => _pages.Count;

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public long? Total => _pages.Total;

    /// <summary>The positions whose records the source cannot give.</summary>
    public IReadOnlyList<long> Gaps => _chooser.Gaps;

    private bool IsSeekingCutoff => _head is { IsPastCutoff: false } && Coverage.Order == ListingOrder.NewestFirst && Total is not null;

    /// <summary>Whether it found all that is known as it was, and the count says that nothing else is listed.</summary>
    private bool HasSeenEverything => _walk.IsSound && _head?.HasSeenEverything(_pages.Total) == true;

    /// <summary>A count that cannot vouch for loose seams, so that seams must be firm: an overlap of one record never is.</summary>
    private bool IsCountDoubtful => _shape.CountsAreDoubtful || Total is null || _pages.CountWavers || Total < Coverage.Count;

    private int Overlap =>
        _pages.Moved || _walk.HasHoles || IsSeekingCutoff || _range is not null ? MovingOverlap : IsCountDoubtful ? Math.Max(2, _walk.Ties + 1) : 1;

    /// <summary>How the next page would overlap, if it will likely be wanted: what is known of the head's length says so. While a page is
    /// halved, none is fetched ahead.</summary>
    private int LookAhead => _chooser.IsAtHurdle || (IsSeekingCutoff && _walk.Plan.End >= Total - _head!.KnownListed) ? 0 : Overlap;

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                if (await ReadToEndAsync(cancellationToken))
                    return Result() with { IsHead = true };
                if (_walk.Joined > 1)
                    await ReadNewHeadAsync(cancellationToken);
            }
            while (!await IsEndBelievedAsync(cancellationToken));

            await FirmAsync(cancellationToken);
            NoteShape();
            SweepResult result = Result();
            return result.IsProof || !HasSeenEverything ? result : result with { IsHead = true };
        }
        catch (PageSizeIgnoredException)
        {
            return Result() with { IgnoresPageSize = true };
        }
        catch (ListingGivenUpException e)
        {
            return Result() with { Problem = e.Message };
        }
    }

    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    public void Save(BinaryWriter state)
    {
        _pages.Save(state);
        _chooser.Save(state);
        _walk.Save(state);
        _positions.Save(state);
        state.Write((byte)_order.Order);
        Coverage.Save(state);
        state.Write(_isCountChecked);
        _head?.Save(state);
        state.Write(_tail is not null);
        _tail?.Save(state);
    }

    /// <summary>Goes on from what was saved; the sweep must have been made with the same goal.</summary>
    public void Restore(BinaryReader state)
    {
        _pages.Restore(state);
        _chooser.Restore(state);
        _walk.Restore(state);
        _positions.Restore(state);
        _order.Restore((ListingOrder)state.ReadByte());
        Coverage.Restore(state);
        _isCountChecked = state.ReadBoolean();
        _head?.Restore(state);
        if (state.ReadBoolean())
            BeginTail().Restore(state);
    }

    private SweepResult Result() => new()
    {
        Count = Coverage.Count,
        Digest = Coverage.Digest,
        Boundaries = _pages.Boundaries,
        Total = _pages.Total,
        Order = Coverage.Order,
        IsOnePage = _walk.IsOnePage,
        IsEndProven = _walk.IsAtEnd,
        IsSteady = !_pages.Moved && !_pages.CountWavers,
        LooseSeams = Coverage.LooseSeams.Count,
        IsSound = _walk.IsSound,
        HasHoles = _walk.HasHoles,
        Gap = _chooser.Remark(),
    };

    /// <returns>Whether it may end early.</returns>
    private async Task<bool> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (!_walk.IsAtEnd)
        {
            if (_tail is { IsGivenUp: false } tail && await tail.ReadAsync(cancellationToken))
                return true;
            bool isFirstPage = _pages.Count == 0;
            long? totalBefore = _pages.Total;
            if (await GetAsync(cancellationToken) is not { } page)
                continue;
            long grown = isFirstPage ? 0 : _pages.Total - totalBefore ?? 0;
            if (page.IsFirst && page.Count == 0)
            {
                if (EndsEmpty())
                    return true;
            }
            else if (page.Count == 0 && _chooser.Remark() is { } gap)
            {
                throw new ListingGivenUpException(gap); // Nothing stands behind the gap, as far as can be seen.
            }
            else if (!page.IsFirst && !Coverage.Holds(page.Records) && !_walk.IsAlone(page))
            {
                _walk.StepBack(-grown, Overlap);
            }
            else if (await GoOnAsync(page, grown, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>Null if the page was not to be had, and another one is to be requested.</returns>
    private async Task<SweepPage?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            SweepPage page = await _pages.GetAsync(_walk.Plan, LookAhead, cancellationToken);
            if (!_chooser.TriesAgain(_walk.Plan))
                return page;
            _walk.Advance(Overlap); // It can be read again, so that pages may reach across it.
            return null;
        }
        catch (UnreadablePageException e)
        {
            _walk.Failed(e);
            _walk.Advance(Overlap);
            return null;
        }
        catch (PageRefusedException) when (_walk.MayStepBack)
        {
            _walk.StepBack(0, Overlap); // The listing is shorter than it was: nothing stands there any more.
            return null;
        }
        catch (PageRefusedException e)
        {
            throw new ListingGivenUpException($"the source refuses a page within the listing: {e.Message}");
        }
    }

    /// <summary>An empty first page ends an empty listing when it comes twice, or at once if nothing but that was known.</summary>
    /// <returns>Whether the sweep may end early.</returns>
    private bool EndsEmpty()
    {
        if (Coverage.Count > 0)
            throw new ListingGivenUpException("the listing became empty while it was read");
        if (HasSeenEverything)
            return true;
        if (_walk.EndsEmpty() && _isKnown)
            throw new ListingGivenUpException("the source lists nothing, and the archive has messages of it");
        return false;
    }

    /// <summary>Joins a page whose seam holds.</summary>
    /// <param name="page">The page.</param>
    /// <param name="grown">By how many the source's count grew since the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the sweep may end early.</returns>
    private async Task<bool> GoOnAsync(SweepPage page, long grown, CancellationToken cancellationToken)
    {
        await _emitter.EmitAsync(page.Records, _positions.Append, cancellationToken);
        _walk.NoteShift(page, grown);
        _walk.Join(page, Coverage.Join(page.Records, page.Start, _walk.Covered));
        if (_walk.IsAtEnd)
            return false;
        if (HasSeenEverything)
            return true;
        bool reachesBack = _head is not null && Coverage.Order == ListingOrder.NewestFirst && _head.ReachesBack(page.Records);
        _walk.Advance(Overlap);
        if (_range?.IsPast(page.Records, Coverage.Order) == true)
            return await RangeIsReadAsync(page, cancellationToken);
        return reachesBack ? await HeadProvesRestAsync(page, cancellationToken) : MayJump(page);
    }

    /// <summary>Whether all that is wanted was read, after a page that reaches past it.</summary>
    private async Task<bool> RangeIsReadAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (_chooser.Remark() is { } gap)
            throw new ListingGivenUpException(gap);
        return _walk.IsSound && await _looks.FirmAsync(Coverage, _range!.Concerns, cancellationToken) && _range.IsPast(page.Records, Coverage.Order);
    }

    /// <summary>Whether what is known proves all that was not read, in a listing that is newest first and was read back past the
    /// cutoff.</summary>
    private async Task<bool> HeadProvesRestAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (!_walk.IsSound || _chooser.Gaps.Count > 0 || !_head!.IsUnchanged(page.Records))
            return false;
        if (!_head.CountAgrees(_pages.Total))
        {
            _walk.NoteNewHead(await ReadNewHeadAsync(cancellationToken));
            _walk.Advance(Overlap);
        }

        return _head.CountAgrees(_pages.Total)
            && await _looks.FirmAsync(Coverage, _head.Concerns, cancellationToken)
            && _head.CountAgrees(_pages.Total)
            && Coverage.Order == ListingOrder.NewestFirst;
    }

    /// <summary>In a listing that is oldest first, what is new stands at the end: aims at the tail, where what is known can prove the
    /// rest.</summary>
    /// <returns>False: the tail is yet to be read.</returns>
    private bool MayJump(SweepPage page)
    {
        if (_head is not null && _walk.Joined == 1 && Coverage.Order == ListingOrder.OldestFirst && _pages.Total is not null)
            BeginTail().Plan(page.Records);
        return false;
    }

    private TailReading BeginTail()
    {
        _tail = new TailReading(_pages, _chooser, _head!, _order, _looks, (page, token) => _emitter.EmitAsync(page, _positions.AppendTail, token));
        _emitter.Tail = _tail.Coverage;
        return _tail;
    }

    /// <summary>New messages at the head pushed the listing back, or made its count grow: reads from the first page on, until a record is
    /// known.</summary>
    /// <returns>How many records were new.</returns>
    private async Task<int> ReadNewHeadAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order == ListingOrder.OldestFirst || !(_pages.PushedBack || (_pages.Total > _pages.HeadTotal && _walk.Joined <= 2)))
            return 0;
        int all = 0;
        PagePlan plan = PagePlan.First(_chooser.Size);
        while (await _looks.TryGetAsync(plan, overlap: 0, cancellationToken) is { } page)
        {
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                break; // It runs away faster than it can be read. What it was when the sweep began is covered.
            await _emitter.EmitAsync(page.Records, _positions.Prepend, cancellationToken);
            int added = Coverage.Join(page.Records, plan.Start, plan.Start);
            all += added;
            bool reachesKnown = added < page.Records.Items.Count - (page.IsFirst ? 0 : 1);
            if (reachesKnown || page.IsLast || PagePlan.Next(page.Reach, null, overlap: 1, _chooser.Size) is not { } next)
                break;
            plan = next;
        }

        _pages.NoteHead();
        return all;
    }

    /// <summary>Behind a proven end: if the source counts more than was read, looks once where its last record would stand.</summary>
    /// <returns>False if there is more to read.</returns>
    private async Task<bool> IsEndBelievedAsync(CancellationToken cancellationToken)
    {
        if (_isCountChecked || !(_pages.Total > Coverage.Count) || _pages.Total > PagePlan.MaxPosition)
            return true;
        long last = _pages.Total.Value - 1;
        PagePlan plan = Coverage.Count == 0 ? PagePlan.Single(last) : PagePlan.Around(last, _chooser.Size);
        SweepPage? look = await _looks.TryGetAsync(plan, overlap: 0, cancellationToken);
        _isCountChecked = true;
        if (_walk.BelievesEnd(look))
            return true;
        _walk.Advance(Overlap);
        return false;
    }

    /// <summary>Looks at loose seams once more if nothing else vouches for them.</summary>
    private async Task FirmAsync(CancellationToken cancellationToken)
    {
        SweepResult result = Result();
        bool isOrdered = Coverage.Order is ListingOrder.NewestFirst or ListingOrder.OldestFirst;
        if (isOrdered && !result.IsProof && (_pages.Moved || result.LooseSeams <= FewSeams))
            await _looks.FirmAsync(Coverage, _ => true, cancellationToken);
    }

    private void NoteShape()
    {
        _shape.Show(Coverage.Order);
        if (_pages.Total is null || (_pages.Total != Coverage.Count && !_pages.Moved))
            _shape.DoubtCounts();
    }
}
