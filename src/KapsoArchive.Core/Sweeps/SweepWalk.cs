namespace KapsoArchive.Core.Sweeps;

/// <summary>How far a sweep is in its listing: what its pages cover, which one comes next, and whether one of them was the last.</summary>
/// <param name="shape">How the source pages.</param>
/// <param name="chooser">Chooses the pages.</param>
/// <param name="pages">What the pages say of the listing.</param>
/// <param name="coverage">What is covered.</param>
internal sealed class SweepWalk(SourceShape shape, PageChooser chooser, SweepPages pages, Coverage coverage)
{
    /// <summary>
    /// Records by which a listing may be pushed back between two pages without its count growing as much. It takes as many deletions
    /// behind: more than this is no movement, but a
    /// source that gives a page again in place of another.
    /// </summary>
    private const int MaxUnexplainedShift = 50;

    /// <summary>Times that reading may begin again at the first page without finding anything new: then the source gives pages of its own
    /// size.</summary>
    private const int MaxRestarts = 3;

    private long _stepBack;
    private long _lastEnd;
    private int _lastCount;
    private int _restarts;
    private bool _isOnePage = true;
    private bool _wasShort;
    private bool _wasEmpty;

    /// <summary>The page to request next.</summary>
    public PagePlan Plan { get; private set; } = chooser.First();

    /// <summary>The position behind the last record that is covered.</summary>
    public long Covered { get; private set; }

    /// <summary>Pages that were joined.</summary>
    public int Joined { get; private set; }

    /// <summary>Records at the end of what is covered that have one time: a firm seam begins before them.</summary>
    public int Ties { get; private set; } = 1;

    /// <summary>Whether a page proved that nothing follows.</summary>
    public bool IsAtEnd { get; private set; }

    /// <inheritdoc cref="SweepResult.IsSound"/>
    public bool IsSound { get; private set; } = true;

    /// <inheritdoc cref="SweepResult.HasHoles"/>
    public bool HasHoles { get; private set; }

    /// <inheritdoc cref="SweepResult.IsOnePage"/>
    public bool IsOnePage => _isOnePage && !pages.Moved;

    /// <summary>Whether reading may step back once more.</summary>
    public bool MayStepBack => Plan.Start > 0 && _stepBack < Covered;

    /// <summary>Whether the page is joined although it overlaps nothing: the source gives no other one.</summary>
    public bool IsAlone(SweepPage page) => !page.IsFirst && page.Count > 0 && !coverage.Holds(page.Records) && PageChooser.IsAlone(Plan, Covered);

    public void Advance(int overlap) => Plan = chooser.Next(Covered, pages.Total, overlap);

    /// <summary>Notes that so many records before those that are covered are read as well.</summary>
    public void NoteNewHead(int records) => Covered += records;

    /// <summary>Notes that the page is not to be had.</summary>
    public void Failed(UnreadablePageException failure) => Covered = chooser.Failed(Plan, failure) ?? Covered;

    /// <summary>Notes an empty first page: the second one ends the listing.</summary>
    /// <returns>Whether it ends there.</returns>
    public bool EndsEmpty()
    {
        (IsAtEnd, _wasEmpty) = (_wasEmpty, true);
        return IsAtEnd;
    }

    /// <summary>A page that begins with more, or fewer, known records than it should shows that the listing moved. To be called before it
    /// is joined.</summary>
    /// <param name="page">The page, whose seam holds.</param>
    /// <param name="grown">By how many the source's count grew since the page before.</param>
    public void NoteShift(SweepPage page, long grown)
    {
        if (page.IsFirst || IsAlone(page))
            return;
        long by = page.Skipped + coverage.LeadingKnown(page.Records) - Math.Min(Covered - page.Start, page.Count);
        pages.Moved |= by != 0;
        pages.PushedBack |= by > 0;
        pages.CountWavers |= by == 0 && grown != 0;
        IsSound &= by <= 0 || by - grown < MaxUnexplainedShift;
    }

    /// <summary>Notes that a page was joined.</summary>
    public void Join(SweepPage page, int added)
    {
        if (Joined++ == 0 && coverage.Order == ListingOrder.NewestFirst)
            chooser.Shift(pages.Total);
        // What a page lacks follows it; but if pages can have holes, it may have stood anywhere in the page.
        Covered = page.Count == page.Requested || HasHoles ? page.End : page.Reach;
        (_lastEnd, _lastCount, Ties, _stepBack) = (page.End, page.Count, TiesAtEnd(page.Records), 0);
        _restarts = added > 0 ? 0 : _restarts;
        _isOnePage &= added == 0 || Joined == 1;
        pages.Joined(page, added, coverage.Count);
        chooser.Joined(Covered);
        if (page.IsLast && !(HasHoles && page.End < pages.Total && coverage.Count < pages.Total))
        {
            IsSound &= Joined == 1 || coverage.ReachesFrontier(page.Records);
            IsAtEnd = true;
            chooser.Ended();
            return;
        }

        bool isShort = page.Count < page.Requested;
        if (isShort && !HasHoles)
            chooser.NoteShort(page.Count);
        else if (!isShort && _wasShort && added > 0)
            shape.HeldBack(shape.LargestPage); // Full pages follow one that was not full.
        _wasShort = isShort;
    }

    /// <summary>
    /// Deletions pulled the listing past the overlap: aims at the page that overlaps what was covered before the last records, as many as
    /// the count fell by and more and more, until it is another page than before.
    /// </summary>
    /// <exception cref="PageSizeIgnoredException">No page overlaps.</exception>
    public void StepBack(long fallen, int overlap)
    {
        pages.Moved = true;
        _stepBack = Math.Max(_stepBack, fallen);
        PagePlan from = Plan;
        do
        {
            _stepBack = Math.Max(1, _stepBack * 2);
            if (chooser.GapBefore(Covered - _stepBack) is { } position)
            {
                (Covered, Plan) = (position, PagePlan.Single(position)); // Nothing before it can be seen together with what follows.
                return;
            }

            Plan = chooser.Next(Covered - _stepBack, pages.Total, overlap);
        }
        while (Plan.Start >= from.Start);

        if (Plan.Start == 0 && ++_restarts > MaxRestarts)
            throw new PageSizeIgnoredException();
    }

    /// <summary>Takes in a page behind a proven end, where the source's count says that more records stand.</summary>
    /// <returns>Whether the end is believed.</returns>
    public bool BelievesEnd(SweepPage? beyond)
    {
        if (beyond is not { Count: > 0 })
            return true;
        if (beyond.Records.Items.All(item => coverage.Ids.Contains(item.Id)))
        {
            IsSound &= coverage.ReachesFrontier(beyond.Records);
            return true;
        }

        (HasHoles, IsAtEnd, Covered) = (true, false, _lastEnd);
        chooser.NoteShort(Math.Max(_lastCount, EndRule.Unclampable));
        return false;
    }

    public void Save(BinaryWriter state)
    {
        state.Write(Plan);
        foreach (long position in (ReadOnlySpan<long>)[Covered, _stepBack, _lastEnd])
            state.Write(position);
        foreach (int count in (ReadOnlySpan<int>)[_lastCount, _restarts, Joined, Ties])
            state.Write(count);
        foreach (bool flag in (ReadOnlySpan<bool>)[_isOnePage, _wasShort, _wasEmpty, IsAtEnd, IsSound, HasHoles])
            state.Write(flag);
    }

    public void Restore(BinaryReader state)
    {
        Plan = state.ReadPlan();
        (Covered, _stepBack, _lastEnd) = (state.ReadInt64(), state.ReadInt64(), state.ReadInt64());
        (_lastCount, _restarts, Joined, Ties) = (state.ReadInt32(), state.ReadInt32(), state.ReadInt32(), state.ReadInt32());
        (_isOnePage, _wasShort, _wasEmpty) = (state.ReadBoolean(), state.ReadBoolean(), state.ReadBoolean());
        (IsAtEnd, IsSound, HasHoles) = (state.ReadBoolean(), state.ReadBoolean(), state.ReadBoolean());
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
}
