using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Gets the pages of one sweep, and tracks what they show of the whole listing: its count, whether it moves, whether it
/// ends.</summary>
/// <param name="shape">How the source pages.</param>
/// <param name="window">Number of requests that may be in flight; see <see cref="PageAhead"/>.</param>
/// <param name="maxRecords">Maximum number of records of one listing.</param>
internal sealed class SweepPages(
    PageSource source, SourceShape shape, PageChooser chooser, Func<int> window, long maxRecords) : IAsyncDisposable
{
    /// <summary>Pages allowed beyond the maximum that the records read so far can need.</summary>
    private const int SparePages = 100;

    /// <summary>Consecutive pages that may contain nothing new. A listing that is pushed back further than this while it is read would be
    /// a new one.</summary>
    private const int MaxBarren = 50;

    private readonly PageAhead _ahead = new(source, window, chooser.RetriesFor);
    private UInt128 _last;
    private int _repeats;
    private int _barren;
    private double _needed;

    /// <summary>Pages read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The source's count when the head was last read.</summary>
    public long? HeadTotal { get; private set; }

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public long? Total { get; private set; }

    /// <summary>Whether the listing was seen to move: records were found at other positions than before.</summary>
    public bool Moved { get; set; }

    /// <summary>Whether records were found at a later position than before, as happens if new ones come at the head.</summary>
    public bool PushedBack { get; set; }

    /// <summary>Whether the count changed although no record had moved: then it counts something else.</summary>
    public bool CountWavers { get; set; }

    /// <summary>Digest of the page boundaries of this sweep. Two sweeps with the same boundaries count as one confirmation.</summary>
    public ulong Boundaries { get; private set; }

    /// <param name="overlap">Overlap of the next page, so that it can be fetched ahead; 0 to fetch none ahead.</param>
    /// <exception cref="UnreadablePageException">The page fails, although the source answers other requests.</exception>
    /// <exception cref="Kapso.PageRefusedException">The source refuses the page.</exception>
    /// <exception cref="PageSizeIgnoredException">The page has more records than were requested.</exception>
    /// <exception cref="ListingGivenUpException">The listing does not come to an end.</exception>
    public async Task<SweepPage> GetAsync(PagePlan plan, int overlap, CancellationToken cancellationToken)
    {
        ListingPage page = await _ahead.GetAsync(plan, last => Guess(last, overlap), cancellationToken);
        shape.Answered(page.Items.Length);
        Total = page.Meta.TotalCount;
        if (Count == 0)
            HeadTotal = Total;
        Count++;
        CheckRepeats(plan, page);
        if (page.Items.Length > plan.PerPage)
            throw new PageSizeIgnoredException();
        return new SweepPage(plan, page, shape.LargestPage);
    }

    /// <summary>Notes what a joined page added.</summary>
    /// <exception cref="ListingGivenUpException">The listing does not come to an end.</exception>
    public void Joined(SweepPage page, int added, int covered)
    {
        Boundaries = (Boundaries * 31) + (ulong)page.Start + 1;
        _barren = added == 0 ? _barren + 1 : 0;
        _needed += added / (double)Math.Max(1, page.Requested - 1);
        if (EndRule.IsEndless(covered, HeadTotal, maxRecords) is { } endless)
            throw new ListingGivenUpException(endless);
        if (_barren > MaxBarren)
            throw GivenUp(
                $"the source gives the same records again and again: {_barren} pages brought nothing new, up to position {page.End}");
    }

    /// <summary>Notes that the head was read again, so that everything that pushed the listing back is known.</summary>
    public void NoteHead()
    {
        HeadTotal = Total;
        PushedBack = false;
    }

    public ValueTask DisposeAsync() => _ahead.DisposeAsync();

    public void Save(BinaryWriter state)
    {
        state.Write(Count);
        state.WriteOptional(HeadTotal);
        state.WriteOptional(Total);
        state.Write(Moved);
        state.Write(PushedBack);
        state.Write(CountWavers);
        state.Write(Boundaries);
        state.Write(_last);
        state.Write(_repeats);
        state.Write(_barren);
        state.Write(_needed);
    }

    public void Restore(BinaryReader state)
    {
        Count = state.ReadInt32();
        HeadTotal = state.ReadOptional();
        Total = state.ReadOptional();
        Moved = state.ReadBoolean();
        PushedBack = state.ReadBoolean();
        CountWavers = state.ReadBoolean();
        Boundaries = state.ReadUInt64();
        _last = state.ReadUInt128();
        _repeats = state.ReadInt32();
        _barren = state.ReadInt32();
        _needed = state.ReadDouble();
    }

    private PagePlan? Guess(PagePlan last, int overlap) =>
        overlap > 0 && last.End < Total ? chooser.Next(last.End, Total, overlap) : null;

    /// <summary>Fails if pages repeat, instead of looping forever. The limits depend on the returned records, never on a count.</summary>
    private void CheckRepeats(PagePlan plan, ListingPage page)
    {
        UInt128 digest = page.Items.Aggregate((UInt128)1, (hash, item) => (hash * 31) + item.Id);
        _repeats = plan.Start > 0 && page.Items.Length > 1 && digest == _last ? _repeats + 1 : 0;
        _last = digest;
        if (_repeats > 1)
            throw GivenUp($"the source gives the same page again and again (page {plan.Page} with {plan.PerPage} a page)");
        if (Count > SparePages + (6 * _needed))
            throw GivenUp($"the listing does not end: {Count} pages were read for what {_needed:F0} pages can hold");
    }

    private static ListingGivenUpException GivenUp(FormattableString why) => new(why.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The source chooses the page size, so pages cannot be made to overlap.</summary>
internal sealed class PageSizeIgnoredException : Exception;
