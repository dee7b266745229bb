using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Index;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>Gets the pages of one sweep, and keeps what they say of the listing as a whole: its count, whether it moves, whether it ends.</summary>
internal sealed class SweepPages(PageSource source, Func<int> window) : IAsyncDisposable
{
    /// <summary>Pages, where the source gives no count by which to expect fewer: ten million messages.</summary>
    private const int MaxPagesOfUncounted = 100_000;

    private readonly PageAhead _ahead = new(source, window);
    private UInt128 _last;
    private int _repeats;

    /// <summary>Pages read so far.</summary>
    public int Count { get; private set; }

    public long? FirstTotal { get; private set; }

    /// <summary>The source's count when the head was last read.</summary>
    public long? HeadTotal { get; private set; }

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total { get; private set; }

    /// <summary>Whether the listing showed that it moves.</summary>
    public bool Moved { get; set; }

    /// <summary>Whether records were seen at a later position than they had, as new ones at the head bring about.</summary>
    public bool PushedBack { get; set; }

    /// <param name="plan">The page.</param>
    /// <param name="overlap">How the next page would overlap, so that it can be fetched ahead; 0 where it is not to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PageSizeIgnoredException">The page has not the size asked for.</exception>
    /// <exception cref="EndlessListingException">The listing does not come to an end.</exception>
    public async Task<SweepPage> GetAsync(PagePlan plan, int overlap, CancellationToken cancellationToken)
    {
        ListingPage page = await _ahead.GetAsync(plan, last => Guess(last, overlap), cancellationToken);
        PageMeta meta = page.Meta;
        Moved |= Count > 0 && meta.TotalCount != Total;
        Total = meta.TotalCount;
        if (Count == 0)
            FirstTotal = HeadTotal = Total;
        Count++;
        CheckEnd(plan, page);

        bool isShort = page.Items.Count < plan.PerPage;
        if (page.Items.Count > plan.PerPage || (meta.PerPage is { } size && size != plan.PerPage) || (isShort && meta.TotalCount > plan.End))
            throw new PageSizeIgnoredException();
        return new SweepPage(plan, page);
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
        state.WriteOptional(FirstTotal);
        state.WriteOptional(HeadTotal);
        state.WriteOptional(Total);
        state.Write(Moved);
        state.Write(PushedBack);
        state.Write(_last);
        state.Write(_repeats);
    }

    public void Restore(BinaryReader state)
    {
        Count = state.ReadInt32();
        FirstTotal = state.ReadOptional();
        HeadTotal = state.ReadOptional();
        Total = state.ReadOptional();
        Moved = state.ReadBoolean();
        PushedBack = state.ReadBoolean();
        _last = state.ReadUInt128();
        _repeats = state.ReadInt32();
    }

    private PagePlan? Guess(PagePlan last, int overlap) =>
        overlap > 0 && last.End < Total ? PagePlan.Next(last.End, Total, overlap) : null;

    /// <summary>A page that repeats for ever, and a listing that grows without end, are errors and no endless loops.</summary>
    private void CheckEnd(PagePlan plan, ListingPage page)
    {
        UInt128 digest = page.Items.Aggregate((UInt128)1, (hash, item) => (hash * 31) + item.Id);
        _repeats = plan.Start > 0 && page.Items.Count > 1 && digest == _last ? _repeats + 1 : 0;
        _last = digest;
        if (_repeats > 1)
            throw new EndlessListingException($"the source gives the same page again and again (page {plan.Page} with {plan.PerPage} a page)");

        long allowed = FirstTotal is { } total ? 50 + 4 * (total / PagePlan.MaxPerPage) : MaxPagesOfUncounted;
        if (Count > allowed)
            throw new EndlessListingException($"the listing does not come to an end: {Count} pages were read, and at first the source counted {FirstTotal?.ToString() ?? "nothing"}");
    }
}

/// <summary>The source gives pages of its own size, so that pages cannot be made to overlap.</summary>
internal sealed class PageSizeIgnoredException : Exception;

/// <summary>The listing cannot be read to an end.</summary>
internal sealed class EndlessListingException(string message) : Exception(message);
