namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// What one sweep has covered of a listing that may move while it is read, and the rule by which a page may be added to it.
/// </summary>
/// <remarks>
/// <para>
/// <b>The seam rule.</b> A page is joined to what is covered only where its first record is covered already; then, in the page, the first record not read before
/// directly follows one that was. The first page of the listing needs no such record: nothing stands before it.
/// </para>
/// <para>
/// <b>Why nothing is skipped.</b> Let the listing keep the relative order of its records; records may come and go anywhere, at any time. Call a record <i>lasting</i>
/// if it is listed from the sweep's first request to its last. The invariant: <i>every lasting record that stands before a covered record is covered.</i> It holds for the first
/// page, which is the listing's beginning at one moment. Let a page be joined whose first record, c, is covered. A lasting record before c is covered by the invariant, and
/// a lasting record after c but before some record of the page stood between them at the moment of the page, so it is in the page. Hence the invariant holds with the
/// page joined. The last page reaches the listing's end at its moment, so every lasting record stands in it, or before one of its records: all are covered. Nothing in
/// this speaks of the moments at which the pages were read, so pages may be fetched ahead and out of turn. And every covered record was in a page, so it was listed.
/// </para>
/// <para>
/// <b>Equal times.</b> A listing that is ordered by <c>created_at</c> may give records of one time in another order with each request. Then "stands before" is
/// certain only between different times. A seam is <i>firm</i> where the page begins with a covered record whose time stands strictly before that of the last covered
/// record: the page then holds all lasting records of that time, however they are shuffled. A seam that is not firm is <i>loose</i>: it proves the same as long as equal times are
/// not shuffled, so it wants the counts to agree as well, or to be made firm by another look.
/// </para>
/// <para>What a page whose seam fails holds is forgotten: joined, it would be an island, and a seam on an island proves nothing.</para>
/// </remarks>
internal sealed class Coverage
{
    private readonly HashSet<UInt128> _ids = [];
    private readonly OrderDetector _order = new();
    private readonly List<LooseSeam> _loose = [];
    private long? _frontierTime;
    private UInt128? _frontier;

    /// <summary>What is covered, as hashes of ids.</summary>
    public HashSet<UInt128> Ids => _ids;

    /// <summary>Distinct records covered.</summary>
    public int Count => _ids.Count;

    public ListingOrder Order => _order.Order;

    /// <summary>Tells apart sets of ids, whatever the order in which they were covered.</summary>
    public UInt128 Digest { get; private set; }

    public IReadOnlyList<LooseSeam> LooseSeams => _loose;

    /// <summary>Whether the page may be joined behind what is covered. An empty page shows no seam.</summary>
    public bool Holds(ListingPage page) => page.Items.Count > 0 && _ids.Contains(page.Items[0].Id);

    /// <summary>How many records from its first on are covered already.</summary>
    public int LeadingKnown(ListingPage page)
    {
        int known = 0;
        while (known < page.Items.Count && _ids.Contains(page.Items[known].Id))
            known++;
        return known;
    }

    /// <summary>Joins a page that begins the listing, or whose seam holds.</summary>
    /// <param name="page">The page.</param>
    /// <param name="position">Where it begins.</param>
    /// <param name="covered">Where what was covered ended; 0 for a page that begins the listing.</param>
    /// <returns>The records that were not covered before, in the page's order.</returns>
    public IReadOnlyList<ListingItem> Join(ListingPage page, long position, long covered)
    {
        _order.Add(page.Items);
        if (position > 0 && !IsFirm(page))
            _loose.Add(new LooseSeam(covered - 1, _frontierTime));

        List<ListingItem> added = [.. page.Items.Where(item => Add(item.Id))];
        long? last = LastTime(page);
        if (last is null || _frontierTime is null || !_order.Precedes(last.Value, _frontierTime.Value))
        {
            _frontierTime = last ?? _frontierTime;
            _frontier = added.Count > 0 ? page.Items[^1].Id : _frontier;
        }

        return added;
    }

    /// <summary>Adds what a second look at a loose seam shows, where that look is wide enough to make it firm. Null where it is not.</summary>
    public IReadOnlyList<ListingItem>? Firm(LooseSeam seam, SweepPage look)
    {
        ListingPage page = look.Records;
        bool fromBefore = look.IsFirst || Holds(page) && page.Items[0].CreatedAt is { } first && seam.Time is { } time && _order.Precedes(first, time);
        bool toBehind = look.ReachesEnd || (LastTime(page) is { } last && seam.Time is { } seamTime && _order.Precedes(seamTime, last));
        if (!fromBefore || !toBehind)
            return null;
        _order.Add(page.Items);
        return [.. page.Items.Where(item => Add(item.Id))];
    }

    /// <summary>Whether a page that was joined reaches the furthest record covered: the last page of a listing must.</summary>
    public bool ReachesFrontier(ListingPage page) =>
        page.Items.Any(item => item.Id == _frontier) || (LastTime(page) is { } last && _frontierTime is { } frontier && (last == frontier || _order.Precedes(frontier, last)));

    private bool IsFirm(ListingPage page) => page.Items[0].CreatedAt is { } first && _frontierTime is { } frontier && _order.Precedes(first, frontier);

    private bool Add(UInt128 id)
    {
        bool added = _ids.Add(id);
        if (added)
            Digest += id; // A sum, so that the order of adding does not matter.
        return added;
    }

    private static long? LastTime(ListingPage page) => page.Items.Select(i => i.CreatedAt).LastOrDefault(t => t is not null);
}

/// <summary>A seam that equal times could deceive.</summary>
/// <param name="Position">Where the last covered record stood.</param>
/// <param name="Time">Its time; null where it has none.</param>
internal sealed record LooseSeam(long Position, long? Time);
