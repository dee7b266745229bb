namespace KapsoArchive.Core.Sweeps;

/// <summary>Progress of a sweep in its listing: what its pages cover, which page comes next, and whether one of them was the
/// last.</summary>
/// <param name="shape">How the source pages.</param>
/// <param name="pages">What the pages show of the listing.</param>
internal sealed class SweepWalk(SourceShape shape, PageChooser chooser, SweepPages pages, Coverage coverage)
{
    /// <summary>Positions by which a listing may be pushed back between two pages although its count grows less. As many records must have
    /// been deleted further on: beyond this limit it is no movement, but a source that returns a wrong page again.</summary>
    private const int MaxUnexplainedShift = 50;

    /// <summary>Restarts at the first page without finding anything new. After these, the source counts as one that chooses the page
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

    /// <summary>Position after the last covered record.</summary>
    public long Covered { get; private set; }

    /// <summary>Pages that were joined.</summary>
    public int Joined { get; private set; }

    /// <summary>Number of records with equal times at the end of the covered records. A firm seam begins before them.</summary>
    public int Ties { get; private set; } = 1;

    /// <summary>Whether a page proved that nothing follows.</summary>
    public bool IsAtEnd { get; private set; }

    /// <inheritdoc cref="SweepResult.IsSound"/>
    public bool IsSound { get; private set; } = true;

    /// <inheritdoc cref="SweepResult.HasHoles"/>
    public bool HasHoles { get; private set; }

    /// <inheritdoc cref="SweepResult.IsOnePage"/>
    public bool IsOnePage => _isOnePage && !pages.Moved;

    /// <summary>Whether the sweep may step back once more.</summary>
    public bool MayStepBack => Plan.Start > 0 && _stepBack < Covered;

    /// <summary>Whether the page is joined without an overlap, because the source offers no other page.</summary>
    public bool IsAlone(SweepPage page) =>
        !page.IsFirst && page.Count > 0 && !coverage.Holds(page.Records) && PageChooser.IsAlone(Plan, Covered);

    public void Advance(int overlap) => Plan = chooser.Next(Covered, pages.Total, overlap);

    /// <summary>Notes that this many records before the covered ones were read as well.</summary>
    public void NoteNewHead(int records) => Covered += records;

    /// <summary>Notes that the page is not available.</summary>
    public void Failed(UnreadablePageException failure) => Covered = chooser.Failed(Plan, failure) ?? Covered;

    /// <summary>Notes an empty first page: the second one ends the listing.</summary>
    /// <returns>Whether the listing ends.</returns>
    public bool EndsEmpty()
    {
        (IsAtEnd, _wasEmpty) = (_wasEmpty, true);
        return IsAtEnd;
    }

    /// <summary>A page that begins with more, or fewer, known records than expected shows that the listing moved. Call this before the
    /// page is joined.</summary>
    /// <param name="page">The page, whose seam holds.</param>
    /// <param name="grown">Growth of the source's count since the page before.</param>
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
        // Records that the page lacks usually follow it. If pages can have holes, such a record may have stood anywhere in the page.
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
            shape.HeldBack(shape.LargestPage); // Full pages followed a page that was not full.
        _wasShort = isShort;
    }

    /// <summary>Deletions pulled the listing past the overlap. Aims at a page that overlaps what was covered before the last records: first
    /// by as many as the count fell, then by more and more, until it differs from the page before.</summary>
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
                // No page can show the record before it and the record after it together.
                (Covered, Plan) = (position, PagePlan.Single(position));
                return;
            }

            Plan = chooser.Next(Covered - _stepBack, pages.Total, overlap);
        }
        while (Plan.Start >= from.Start);

        if (Plan.Start == 0 && ++_restarts > MaxRestarts)
            throw new PageSizeIgnoredException();
    }

    /// <summary>Evaluates a page after a proven end, requested because the source's count says that more records exist.</summary>
    /// <returns>Whether the end is confirmed.</returns>
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
        for (int i = page.Items.Length - 1; i >= 0; i--, ties++)
        {
            long? time = page.Items[i].CreatedAt;
            if (last is not null && time is not null && time != last)
                break;
            last ??= time;
        }

        return Math.Clamp(ties, 1, PagePlan.MaxPerPage / 2);
    }
}
