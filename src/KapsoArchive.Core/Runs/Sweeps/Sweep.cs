using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// One reading of a listing from its first page to its last, by pages that overlap (see <see cref="Coverage"/>), until a page proves the end (see <see cref="EndRule"/>). If a seam fails it steps back until one
/// holds; if new messages pushed the listing back it reads the head again; if it moved it takes a second look at loose seams. It may end early if what is known
/// proves the rest (see <see cref="HeadRule"/>), or if no more is wanted (see <see cref="RangeRule"/>).
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

    /// <summary>Times that reading may begin again at the first page without finding anything new: then the source gives pages of its own size.</summary>
    private const int MaxRestarts = 3;

    /// <summary>Loose seams that a second look makes firm in a listing that stands still; with more of them another sweep costs less.</summary>
    private const int FewSeams = 3;

    private readonly Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> _emit;
    private readonly SourceShape _shape;
    private readonly HeadRule? _head;
    private readonly RangeRule? _range;
    private readonly PageChooser _chooser;
    private readonly SweepPages _pages;
    private readonly SecondLooks _looks;
    private readonly OrderDetector _order = new();
    private readonly ListingPositions _positions;
    private readonly HashSet<UInt128> _onPage = [];
    private readonly bool _isKnown;
    private TailReading? _tail;
    private PagePlan _plan;
    private long _covered;
    private long _stepBack;
    private long _lastEnd;
    private int _lastCount;
    private int _ties = 1;
    private int _joined;
    private int _restarts;
    private bool _isOnePage = true;
    private bool _wasShort;
    private bool _wasEmpty;
    private bool _isAtEnd;
    private bool _isSound = true;
    private bool _isCountChecked;
    private bool _hasHoles;

    /// <param name="setting">What it reads, and how.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="emit">Takes each record, once, as soon as it is covered.</param>
    /// <param name="head">Where it may end early because the rest is known; null if nothing is.</param>
    public Sweep(SweepSetting setting, int number, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit, HeadRule? head)
    {
        (_emit, _shape, _head, _range, _isKnown) = (emit, setting.Shape, head, RangeRule.For(setting.Goal), setting.Goal.Known.Count > 0);
        _chooser = new PageChooser(setting.Shape, number, setting.Goal.Unreadable);
        // If more may not be wanted, no more pages are fetched ahead than were read: at worst half of all are for nothing.
        Func<int> window = _range is null ? setting.Window : () => Math.Clamp(_joined, 1, setting.Window());
        _pages = new SweepPages(setting.Source, setting.Shape, _chooser, window, setting.Goal.MaxRecords);
        _looks = new SecondLooks(_pages, _chooser, (page, token) => EmitAsync(page, _positions!.Append, token));
        _positions = new ListingPositions(_order, setting.Shape);
        Coverage = new Coverage(_order);
        _plan = _chooser.First();
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
    private bool HasSeenEverything => _isSound && _head?.HasSeenEverything(_pages.Total) == true;

    /// <summary>A count that cannot vouch for loose seams, so that seams must be firm: an overlap of one record never is.</summary>
    private bool IsCountDoubtful => _shape.CountsAreDoubtful || Total is null || _pages.CountWavers || Total < Coverage.Count;

    private int Overlap => _pages.Moved || _hasHoles || IsSeekingCutoff || _range is not null ? MovingOverlap : IsCountDoubtful ? Math.Max(2, _ties + 1) : 1;

    /// <summary>How the next page would overlap, if it will likely be wanted: what is known of the head's length says so.</summary>
    private int LookAhead => IsSeekingCutoff && _plan.End >= Total - _head!.KnownListed ? 0 : Overlap;

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                if (await ReadToEndAsync(cancellationToken))
                    return Result() with { IsHead = true };
                if (_joined > 1)
                    await ReadNewHeadAsync(cancellationToken);
            }
            while (!await IsCountBelievedAsync(cancellationToken));

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
        _positions.Save(state);
        state.Write((byte)_order.Order);
        Coverage.Save(state);
        state.Write(_plan);
        state.Write(_covered);
        state.Write(_stepBack);
        state.Write(_lastEnd);
        state.Write(_lastCount);
        state.Write(_ties);
        state.Write(_joined);
        state.Write(_restarts);
        state.Write(_isOnePage);
        state.Write(_wasShort);
        state.Write(_wasEmpty);
        state.Write(_isAtEnd);
        state.Write(_isSound);
        state.Write(_isCountChecked);
        state.Write(_hasHoles);
        _head?.Save(state);
        state.Write(_tail is not null);
        _tail?.Save(state);
    }

    /// <summary>Goes on from what was saved; the sweep must have been made with the same goal.</summary>
    public void Restore(BinaryReader state)
    {
        _pages.Restore(state);
        _chooser.Restore(state);
        _positions.Restore(state);
        _order.Restore((ListingOrder)state.ReadByte());
        Coverage.Restore(state);
        _plan = state.ReadPlan();
        _covered = state.ReadInt64();
        _stepBack = state.ReadInt64();
        _lastEnd = state.ReadInt64();
        _lastCount = state.ReadInt32();
        _ties = state.ReadInt32();
        _joined = state.ReadInt32();
        _restarts = state.ReadInt32();
        _isOnePage = state.ReadBoolean();
        _wasShort = state.ReadBoolean();
        _wasEmpty = state.ReadBoolean();
        _isAtEnd = state.ReadBoolean();
        _isSound = state.ReadBoolean();
        _isCountChecked = state.ReadBoolean();
        _hasHoles = state.ReadBoolean();
        _head?.Restore(state);
        if (state.ReadBoolean())
            (_tail = Tail()).Restore(state);
    }

    private SweepResult Result() => new()
    {
        Count = Coverage.Count,
        Digest = Coverage.Digest,
        Boundaries = _pages.Boundaries,
        Total = _pages.Total,
        Order = Coverage.Order,
        IsOnePage = _isOnePage && !_pages.Moved,
        IsEndProven = _isAtEnd,
        IsSteady = !_pages.Moved && !_pages.CountWavers,
        LooseSeams = Coverage.LooseSeams.Count,
        IsSound = _isSound,
        HasHoles = _hasHoles,
        Gap = _chooser.Remark(),
    };

    /// <returns>Whether it may end early.</returns>
    private async Task<bool> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (!_isAtEnd)
        {
            if (_tail is { IsGivenUp: false } tail && await tail.ReadAsync(cancellationToken))
                return true;
            long? totalBefore = _pages.Total;
            SweepPage? page = await GetAsync(cancellationToken);
            if (page is null)
                continue;
            if (page.IsFirst && page.Count == 0)
            {
                if (EndsEmpty())
                    return true;
            }
            else if (!page.IsFirst && !Coverage.Holds(page.Records) && !PageChooser.IsAlone(_plan, _covered))
                StepBack(totalBefore - _pages.Total ?? 0);
            else if (await GoOnAsync(page, _pages.Count == 1 ? 0 : _pages.Total - totalBefore ?? 0, cancellationToken))
                return true;
        }

        return false;
    }

    /// <returns>Null if the page was not to be had, and another one is to be requested.</returns>
    private async Task<SweepPage?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            SweepPage page = await _pages.GetAsync(_plan, LookAhead, cancellationToken);
            if (!_chooser.TriesAgain(_plan))
                return page;
            Advance(); // It can be read again, so that pages may reach across it.
            return null;
        }
        catch (UnreadablePageException e)
        {
            _covered = _chooser.Failed(_plan, e) ?? _covered;
            Advance();
            return null;
        }
        catch (PageRefusedException) when (_plan.Start > 0 && _stepBack < _covered)
        {
            StepBack(0); // The listing is shorter than it was: nothing stands there any more.
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
        if (_wasEmpty && _isKnown)
            throw new ListingGivenUpException("the source lists nothing, and the archive has messages of it");
        (_isAtEnd, _wasEmpty) = (_wasEmpty, true);
        _joined = _isAtEnd ? 1 : 0;
        return false;
    }

    /// <summary>Joins a page whose seam holds.</summary>
    /// <param name="page">The page.</param>
    /// <param name="grown">By how many the source's count grew since the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the sweep may end early.</returns>
    private async Task<bool> GoOnAsync(SweepPage page, long grown, CancellationToken cancellationToken)
    {
        bool isAlone = !page.IsFirst && !Coverage.Holds(page.Records);
        long shift = page.IsFirst || isAlone ? 0 : page.Skipped + Coverage.LeadingKnown(page.Records) - Math.Min(_covered - page.Start, page.Count);
        await EmitAsync(page.Records, _positions.Append, cancellationToken);
        NoteShift(shift, grown);
        int added = Coverage.Join(page.Records, page.Start, _covered);
        NoteJoined(page, added);
        if (_isAtEnd)
            return false;
        if (HasSeenEverything)
            return true;
        bool reachesBack = _head is not null && Coverage.Order == ListingOrder.NewestFirst && _head.ReachesBack(page.Records);
        Advance();
        if (_range?.IsPast(page.Records, Coverage.Order) == true)
            return await RangeIsReadAsync(page, cancellationToken);
        return reachesBack ? await HeadProvesRestAsync(page, cancellationToken) : MayJump(page);
    }

    private void NoteJoined(SweepPage page, int added)
    {
        if (_joined++ == 0 && Coverage.Order == ListingOrder.NewestFirst)
            _chooser.Shift(_pages.Total);
        // What a page lacks follows it; but if pages can have holes, it may have stood anywhere in the page.
        _covered = page.Count == page.Requested || _hasHoles ? page.End : page.Reach;
        (_lastEnd, _lastCount, _ties, _stepBack) = (page.End, page.Count, TiesAtEnd(page.Records), 0);
        _restarts = added > 0 ? 0 : _restarts;
        _isOnePage &= added == 0 || _joined == 1;
        _pages.Joined(page, added, Coverage.Count);
        _chooser.Joined(_covered);
        if (page.IsLast && !(_hasHoles && page.End < _pages.Total && Coverage.Count < _pages.Total))
        {
            _isSound &= _joined == 1 || Coverage.ReachesFrontier(page.Records);
            _isAtEnd = true;
            return;
        }

        bool isShort = page.Count < page.Requested;
        if (isShort && !_hasHoles)
            _chooser.NoteShort(page.Count);
        else if (!isShort && _wasShort && added > 0)
            _shape.HeldBack(_shape.LargestPage); // Full pages follow one that was not full.
        _wasShort = isShort;
    }

    private static int TiesAtEnd(ListingPage page)
    {
        long? last = null;
        int ties = 0;
        for (int i = page.Items.Count - 1; i >= 0; i--, ties++)
        {
            long? time = page.Items[i].CreatedAt;
            if (last is not null && time is not null && time != last)
                break;
            last ??= time;
        }

        return Math.Clamp(ties, 1, PagePlan.MaxPerPage / 2);
    }

    private void Advance() => _plan = _chooser.Next(_covered, _pages.Total, Overlap);

    /// <summary>Whether all that is wanted was read, after a page that reaches past it.</summary>
    private async Task<bool> RangeIsReadAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (_chooser.Remark() is { } gap)
            throw new ListingGivenUpException(gap);
        return _isSound && await _looks.FirmAsync(Coverage, _range!.Concerns, cancellationToken) && _range.IsPast(page.Records, Coverage.Order);
    }

    /// <summary>Whether what is known proves all that was not read, in a listing that is newest first and was read back past the cutoff.</summary>
    private async Task<bool> HeadProvesRestAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (!_isSound || _chooser.Gaps.Count > 0 || !_head!.IsUnchanged(page.Records))
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

    private TailReading Tail() => new(_pages, _chooser, _head!, _order, _looks, (page, token) => EmitAsync(page, _positions.AppendTail, token));

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
            if (_chooser.GapBefore(_covered - _stepBack) is { } position)
            {
                (_covered, _plan) = (position, PagePlan.Single(position)); // Nothing before it can be seen together with what follows.
                return;
            }

            _plan = _chooser.Next(_covered - _stepBack, _pages.Total, Overlap);
        }
        while (_plan.Start >= from.Start);

        if (_plan.Start == 0 && ++_restarts > MaxRestarts)
            throw new PageSizeIgnoredException();
    }

    /// <summary>A page that begins with more, or fewer, known records than it should shows that the listing moved.</summary>
    /// <param name="by">How many more; below zero, how many fewer.</param>
    /// <param name="grown">By how many the source's count grew meanwhile.</param>
    private void NoteShift(long by, long grown)
    {
        _pages.Moved |= by != 0;
        _pages.PushedBack |= by > 0;
        _pages.CountWavers |= by == 0 && grown != 0;
        _isSound &= by <= 0 || by - grown < MaxUnexplainedShift;
    }

    /// <summary>New messages at the head pushed the listing back, or made its count grow: reads from the first page on, until a record is known.</summary>
    /// <returns>How many records were new.</returns>
    private async Task<int> ReadNewHeadAsync(CancellationToken cancellationToken)
    {
        if (Coverage.Order == ListingOrder.OldestFirst || !(_pages.PushedBack || (_pages.Total > _pages.HeadTotal && _joined <= 2)))
            return 0;
        int all = 0;
        PagePlan plan = PagePlan.First(_chooser.Size);
        while (await TryGetAsync(plan, cancellationToken) is { } page)
        {
            if (!page.IsFirst && !Coverage.Holds(page.Records))
                break; // It runs away faster than it can be read. What it was when the sweep began is covered.
            await EmitAsync(page.Records, _positions.Prepend, cancellationToken);
            int added = Coverage.Join(page.Records, plan.Start, plan.Start);
            all += added;
            if (added < page.Records.Items.Count - (page.IsFirst ? 0 : 1) || page.IsLast || PagePlan.Next(page.Reach, null, overlap: 1, _chooser.Size) is not { } next)
                break;
            plan = next;
        }

        _pages.NoteHead();
        return all;
    }

    /// <summary>
    /// Behind a proven end: if the source counts more than was read, looks where its last record would stand. One that was not read there shows that pages of this source can lack records that are listed.
    /// </summary>
    /// <returns>False if there is more to read.</returns>
    private async Task<bool> IsCountBelievedAsync(CancellationToken cancellationToken)
    {
        if (_isCountChecked || !(_pages.Total > Coverage.Count) || _pages.Total > PagePlan.MaxPosition)
            return true;
        long last = _pages.Total.Value - 1;
        SweepPage? look = await TryGetAsync(Coverage.Count == 0 ? PagePlan.Single(last) : PagePlan.Around(last, _chooser.Size), cancellationToken);
        _isCountChecked = true;
        if (look is not { Count: > 0 })
            return true;
        if (look.Records.Items.All(item => Coverage.Ids.Contains(item.Id)))
        {
            _isSound &= Coverage.ReachesFrontier(look.Records);
            return true;
        }

        (_hasHoles, _isAtEnd, _covered) = (true, false, _lastEnd);
        _chooser.NoteShort(Math.Max(_lastCount, EndRule.Unclampable));
        Advance();
        return false;
    }

    /// <returns>Null if the page is not to be had.</returns>
    private async Task<SweepPage?> TryGetAsync(PagePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await _pages.GetAsync(plan, overlap: 0, cancellationToken);
        }
        catch (PageRefusedException)
        {
            return null;
        }
        catch (UnreadablePageException e)
        {
            _chooser.FailedLook(e);
            return null;
        }
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

    private async ValueTask EmitAsync(ListingPage page, Action<IReadOnlyList<ListingItem>> number, CancellationToken cancellationToken)
    {
        List<ListingItem> added = new(page.Items.Count);
        _onPage.Clear();
        foreach (ListingItem item in page.Items)
        {
            if (!Coverage.Ids.Contains(item.Id) && _tail?.Coverage.Ids.Contains(item.Id) != true && _onPage.Add(item.Id))
                added.Add(item);
        }

        number(added);
        await _emit(added, cancellationToken);
        _head?.Note(added);
    }
}
