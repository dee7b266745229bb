using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>One reading of a listing from its first page to its last, by overlapping pages (see <see cref="Coverage"/>), until a page
/// proves the end (see <see cref="EndRule"/>). If a seam fails, it steps back until one holds. If new messages pushed the listing back, it
/// reads the head again. If the listing moved, it takes a second look at loose seams. It may end early if the index proves the rest (see
/// <see cref="HeadRule"/>), or if no more is wanted (see <see cref="RangeRule"/>).</summary>
/// <remarks>Its state changes only after a page's records have been emitted, so it can be saved whenever a page is not available.</remarks>
internal sealed class Sweep : IAsyncDisposable
{
    /// <summary>Overlap of pages once the listing is known to move. Most movements between two requests are smaller, so the seam holds
    /// and is firm.</summary>
    private const int MovingOverlap = 10;

    /// <summary>Number of loose seams that second looks make firm in a listing that stands still. With more of them, another sweep is
    /// cheaper.</summary>
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

    /// <param name="setting">What to read, and how.</param>
    /// <param name="number">Number of the sweep, from 1.</param>
    /// <param name="emit">Receives each record once, as soon as it is covered.</param>
    /// <param name="head">Decides whether the sweep may end early; null if nothing is known.</param>
    public Sweep(SweepSetting setting, int number, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, HeadRule? head)
    {
        (_shape, _head, _range, _isKnown) = (setting.Shape, head, RangeRule.For(setting.Goal), setting.Goal.Known.Count > 0);
        Coverage = new Coverage(_order);
        _positions = new ListingPositions(_order, setting.Shape);
        _emitter = new SweepEmitter(Coverage, head, emit);
        _chooser = new PageChooser(setting.Shape, number, setting.Goal.Unreadable);
        // If more may not be wanted, at most as many pages are fetched ahead as were read. In the worst case, half of all pages are wasted.
        Func<int> window = _range is null ? setting.Window : () => Math.Clamp(_walk!.Joined, 1, setting.Window());
        _pages = new SweepPages(setting.Source, setting.Shape, _chooser, window, setting.Goal.MaxRecords);
        _walk = new SweepWalk(setting.Shape, _chooser, _pages, Coverage);
        _looks = new SecondLooks(_pages, _chooser, (page, token) => _emitter.EmitAsync(page, _positions.Append, token));
    }

    public Coverage Coverage { get; }

    /// <summary>Ids that it saw but did not cover: the tail of a listing that had to be read whole after all.</summary>
    public IReadOnlyCollection<UInt128> Aside => _tail?.Coverage.Ids ?? [];

    /// <summary>Pages read so far, including those that could not be joined.</summary>
    public int Pages => _pages.Count;

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public long? Total => _pages.Total;

    /// <summary>Positions of the records that the source cannot return.</summary>
    public IReadOnlyList<long> Gaps => _chooser.Gaps;

    private bool IsSeekingCutoff => _head is { IsPastCutoff: false } && Coverage.Order == ListingOrder.NewestFirst && Total is not null;

    /// <summary>Whether it found all known messages unchanged, and the count says that nothing else is listed.</summary>
    private bool HasSeenEverything => _walk.IsSound && _head?.HasSeenEverything(_pages.Total) == true;

    /// <summary>Whether the count cannot confirm loose seams. Then seams must be firm, and an overlap of one record never is.</summary>
    private bool IsCountDoubtful => _shape.CountsAreDoubtful || Total is null || _pages.CountWavers || Total < Coverage.Count;

    private int Overlap =>
        _pages.Moved || _walk.HasHoles || IsSeekingCutoff || _range is not null
            ? MovingOverlap
            : IsCountDoubtful ? Math.Max(2, _walk.Ties + 1) : 1;

    /// <summary>Overlap of the next page, if that page will probably be needed according to the known length of the head. While a page
    /// is being halved, none is fetched ahead.</summary>
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

    /// <summary>Continues from a saved state. The sweep must have been created with the same goal.</summary>
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

    /// <returns>Whether the sweep may end early.</returns>
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
                throw new ListingGivenUpException(gap); // As far as pages show, nothing follows the gap.
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

    /// <returns>Null if the page was not available and another one must be requested.</returns>
    private async Task<SweepPage?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            SweepPage page = await _pages.GetAsync(_walk.Plan, LookAhead, cancellationToken);
            if (!_chooser.TriesAgain(_walk.Plan))
                return page;
            _walk.Advance(Overlap); // It can be read again, so pages may cross it.
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
            _walk.StepBack(0, Overlap); // The listing is shorter than before: nothing is at this position any more.
            return null;
        }
        catch (PageRefusedException e)
        {
            throw new ListingGivenUpException($"the source refuses a page within the listing: {e.Message}");
        }
    }

    /// <summary>An empty first page ends an empty listing if it comes twice, or at once if the known messages and the count agree with
    /// it.</summary>
    /// <returns>Whether the sweep may end early.</returns>
    private bool EndsEmpty()
    {
        if (Coverage.Count > 0)
            throw new ListingGivenUpException("the listing became empty while it was read");
        if (HasSeenEverything)
            return true;
        if (_walk.EndsEmpty() && _isKnown)
            throw new ListingGivenUpException(IncompleteReason.NothingListed);
        return false;
    }

    /// <summary>Joins a page whose seam holds.</summary>
    /// <param name="grown">Growth of the source's count since the page before.</param>
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

    /// <summary>Whether all wanted messages were read, given a page that reaches past the range.</summary>
    private async Task<bool> RangeIsReadAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (_chooser.Remark() is { } gap)
            throw new ListingGivenUpException(gap);
        return _walk.IsSound && await _looks.FirmAsync(Coverage, _range!.Concerns, cancellationToken)
            && _range.IsPast(page.Records, Coverage.Order);
    }

    /// <summary>Whether the index proves all that was not read, in a listing that is newest first and was read past the cutoff.</summary>
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

    /// <summary>In a listing that is oldest first, new records are at the end. Aims at the tail, because the index may prove the rest
    /// there.</summary>
    /// <returns>Always false: the tail is still to be read.</returns>
    private bool MayJump(SweepPage page)
    {
        if (_head is not null && _walk.Joined == 1 && Coverage.Order == ListingOrder.OldestFirst && _pages.Total is not null)
            BeginTail().Plan(page.Records);
        return false;
    }

    private TailReading BeginTail()
    {
        _tail = new TailReading(
            _pages, _chooser, _head!, _order, _looks, (page, token) => _emitter.EmitAsync(page, _positions.AppendTail, token));
        _emitter.Tail = _tail.Coverage;
        return _tail;
    }

    /// <summary>Reads from the first page on until a known record comes, if new messages at the head pushed the listing back or increased
    /// its count.</summary>
    /// <returns>Number of new records.</returns>
    private async Task<int> ReadNewHeadAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order == ListingOrder.OldestFirst || !(_pages.PushedBack || (_pages.Total > _pages.HeadTotal && _walk.Joined <= 2)))
            return 0;
        int all = 0;
        PagePlan plan = PagePlan.First(_chooser.Size);
        while (await _looks.TryGetAsync(plan, overlap: 0, cancellationToken) is { } page)
        {
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                break; // The listing grows faster than it can be read. Its content at the beginning of the sweep is covered.
            await _emitter.EmitAsync(page.Records, _positions.Prepend, cancellationToken);
            int added = Coverage.Join(page.Records, plan.Start, plan.Start);
            all += added;
            bool reachesKnown = added < page.Records.Items.Length - (page.IsFirst ? 0 : 1);
            if (reachesKnown || page.IsLast || PagePlan.Next(page.Reach, null, overlap: 1, _chooser.Size) is not { } next)
                break;
            plan = next;
        }

        _pages.NoteHead();
        return all;
    }

    /// <summary>After a proven end: if the source counts more records than were read, looks once at the position of the last counted
    /// record. If nothing was read, or if the source has returned fewer than ten records at most, so that it may cap so low, only a page
    /// of that one record shows whether it exists.</summary>
    /// <returns>False if there is more to read.</returns>
    private async Task<bool> IsEndBelievedAsync(CancellationToken cancellationToken)
    {
        if (_isCountChecked || !(_pages.Total > Coverage.Count) || _pages.Total > PagePlan.MaxPosition)
            return true;
        long last = _pages.Total.Value - 1;
        PagePlan plan = Coverage.Count == 0 || _shape.LargestPage < EndRule.Unclampable
            ? PagePlan.Single(last)
            : PagePlan.Around(last, _chooser.Size);
        SweepPage? look = await _looks.TryGetAsync(plan, overlap: 0, cancellationToken);
        _isCountChecked = true;
        if (_walk.BelievesEnd(look))
            return true;
        _walk.Advance(Overlap);
        return false;
    }

    /// <summary>Takes a second look at loose seams if nothing else confirms them.</summary>
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
