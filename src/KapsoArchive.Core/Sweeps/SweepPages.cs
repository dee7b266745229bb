using System.Globalization;
using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Gets the pages of one sweep, and keeps what they say of the listing as a whole: its count, whether it moves, whether it
/// ends.</summary>
/// <param name="source">Gives the pages.</param>
/// <param name="shape">How the source pages.</param>
/// <param name="chooser">Chooses the pages.</param>
/// <param name="window">How many pages may be under way; see <see cref="PageAhead"/>.</param>
/// <param name="maxRecords">Records of one listing at most.</param>
internal sealed class SweepPages(PageSource source, SourceShape shape, PageChooser chooser, Func<int> window, long maxRecords) : IAsyncDisposable
{
    /// <summary>Pages beyond what the records read so far needed at the very most.</summary>
    private const int SparePages = 100;

    /// <summary>Pages in a row that may bring nothing new; a listing that is pushed back by as much while it is read would be a new
    /// one.</summary>
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

    /// <summary>Whether the listing showed that it moves: records stood elsewhere than they had.</summary>
    public bool Moved { get; set; }

    /// <summary>Whether records were seen at a later position than they had, as new ones at the head bring about.</summary>
    public bool PushedBack { get; set; }

    /// <summary>Whether the count changed although no record had moved: then it counts something else.</summary>
    public bool CountWavers { get; set; }

    /// <summary>Tells the pages of this sweep from those of another: two sweeps with the same boundaries are one witness.</summary>
    public ulong Boundaries { get; private set; }

    /// <param name="plan">The page.</param>
    /// <param name="overlap">How the next page would overlap, so that it can be fetched ahead; 0 if it is not to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnreadablePageException">The page fails, and the source answers otherwise.</exception>
    /// <exception cref="Kapso.PageRefusedException">The source refuses the page.</exception>
    /// <exception cref="PageSizeIgnoredException">The page has more records than were requested.</exception>
    /// <exception cref="ListingGivenUpException">The listing does not come to an end.</exception>
    public async Task<SweepPage> GetAsync(PagePlan plan, int overlap, CancellationToken cancellationToken)
    {
        ListingPage page = await _ahead.GetAsync(plan, last => Guess(last, overlap), cancellationToken);
        shape.Answered(page.Items.Count);
        Total = page.Meta.TotalCount;
        if (Count == 0)
            HeadTotal = Total;
        Count++;
        CheckRepeats(plan, page);
        if (page.Items.Count > plan.PerPage)
            throw new PageSizeIgnoredException();
        return new SweepPage(plan, page, shape.LargestPage);
    }

    /// <summary>Notes what a page that was joined brought.</summary>
    /// <exception cref="ListingGivenUpException">The listing does not come to an end.</exception>
    public void Joined(SweepPage page, int added, int covered)
    {
        Boundaries = (Boundaries * 31) + (ulong)page.Start + 1;
        _barren = added == 0 ? _barren + 1 : 0;
        _needed += added / (double)Math.Max(1, page.Requested - 1);
        if (EndRule.IsEndless(covered, HeadTotal, maxRecords) is { } endless)
            throw new ListingGivenUpException(endless);
        if (_barren > MaxBarren)
            throw GivenUp($"the source gives the same records again and again: {_barren} pages brought nothing new, up to position {page.End}");
    }

    /// <summary>Notes that the head was read again: what pushed the listing back until now is known.</summary>
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

    /// <summary>A page that repeats for ever is an error and no endless loop; the bounds follow what was given, never a count.</summary>
    private void CheckRepeats(PagePlan plan, ListingPage page)
    {
        UInt128 digest = page.Items.Aggregate((UInt128)1, (hash, item) => (hash * 31) + item.Id);
        _repeats = plan.Start > 0 && page.Items.Count > 1 && digest == _last ? _repeats + 1 : 0;
        _last = digest;
        if (_repeats > 1)
            throw GivenUp($"the source gives the same page again and again (page {plan.Page} with {plan.PerPage} a page)");
        if (Count > SparePages + (6 * _needed))
            throw GivenUp($"the listing does not come to an end: {Count} pages were read for what {_needed:F0} pages can hold");
    }

    private static ListingGivenUpException GivenUp(FormattableString why) => new(why.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The source gives pages of its own size, so that pages cannot be made to overlap.</summary>
internal sealed class PageSizeIgnoredException : Exception;
