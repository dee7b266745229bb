using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>
/// What one sweep has covered of a listing that may move while it is read, and the rule by which a page may be added to it.
/// </summary>
/// <remarks>
/// <para>
/// <b>The seam rule.</b> A page is joined to what is covered only where its first record is covered already; then, in the page, the first
/// record not read before
/// directly follows one that was. The first page of the listing needs no such record: nothing stands before it.
/// </para>
/// <para>
/// <b>Why nothing is skipped.</b> Let the listing keep the relative order of its records; records may come and go anywhere, at any time.
/// Call a record <i>lasting</i>
/// if it is listed from the sweep's first request to its last. The invariant: <i>every lasting record that stands before a covered record
/// is covered.</i> It holds for the first
/// page, which is the listing's beginning at one moment. Let a page be joined whose first record, c, is covered. A lasting record before c
/// is covered by the invariant, and
/// a lasting record after c but before some record of the page stood between them at the moment of the page, so it is in the page. Hence
/// the invariant holds with the
/// page joined. The last page reaches the listing's end at its moment, so every lasting record stands in it, or before one of its records:
/// all are covered. Nothing in
/// this speaks of the moments at which the pages were read, so pages may be fetched ahead and out of turn, and a sweep may be paused. And
/// every covered record was in a page, so it was listed.
/// </para>
/// <para>
/// <b>Equal times.</b> A listing that is ordered by <c>created_at</c> may give records of one time in another order with each request.
/// Then "stands before" is
/// certain only between different times. A seam is <i>firm</i> where the page begins with a covered record whose time stands strictly
/// before that of the last covered
/// record: the page then holds all lasting records of that time, however they are shuffled. A seam that is not firm is <i>loose</i>: it
/// proves the same as long as equal times are
/// not shuffled, so it wants the counts to agree as well, or to be made firm by another look.
/// </para>
/// <para>What a page whose seam fails holds is forgotten: joined, it would be an island, and a seam on an island proves nothing.</para>
/// </remarks>
/// <param name="order">The order of the listing, as far as it is known.</param>
internal sealed class Coverage(OrderDetector order)
{
    private readonly List<LooseSeam> _loose = [];
    private IdSet _ids = [];
    private long? _frontierTime;
    private UInt128? _frontier;

    /// <summary>What is covered, as hashes of ids.</summary>
    public IdSet Ids => _ids;

    /// <summary>Distinct records covered.</summary>
    public int Count => _ids.Count;

    public ListingOrder Order => order.Order;

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
    /// <returns>How many of its records were not covered before.</returns>
    public int Join(ListingPage page, long position, long covered)
    {
        order.Add(page.Items);
        if (position > 0 && !IsFirm(page))
            _loose.Add(new LooseSeam(covered - 1, _frontierTime));

        int added = Add(page);
        long? last = LastTime(page);
        if (last is null || _frontierTime is null || !order.Precedes(last.Value, _frontierTime.Value))
        {
            _frontierTime = last ?? _frontierTime;
            _frontier = added > 0 ? page.Items[^1].Id : _frontier;
        }

        return added;
    }

    /// <summary>Whether a second look at a loose seam is wide enough to make it firm.</summary>
    public bool CanFirm(LooseSeam seam, SweepPage look)
    {
        ListingPage page = look.Records;
        bool fromBefore = look.IsFirst || (Holds(page) && page.Items[0].CreatedAt is { } first && seam.Time is { } time && order.Precedes(first, time));
        bool toBehind = look.IsLast || (LastTime(page) is { } last && seam.Time is { } seamTime && order.Precedes(seamTime, last));
        return fromBefore && toBehind;
    }

    /// <summary>Adds what a second look shows that makes a seam firm.</summary>
    public void Firm(int seam, ListingPage look)
    {
        order.Add(look.Items);
        Add(look);
        _loose.RemoveAt(seam);
    }

    /// <summary>Gives a seam up that no second look made firm.</summary>
    public void LeaveLoose(int seam) => _loose[seam] = _loose[seam] with { StaysLoose = true };

    /// <summary>Whether a page that was joined reaches the furthest record covered: the last page of a listing must.</summary>
    public bool ReachesFrontier(ListingPage page) =>
        page.Items.Any(item => item.Id == _frontier) || (LastTime(page) is { } last && _frontierTime is { } frontier && (last == frontier || order.Precedes(frontier, last)));

    public void Save(BinaryWriter state)
    {
        state.Write(_ids);
        state.WriteOptional(_frontierTime);
        state.Write(_frontier is not null);
        state.Write(_frontier ?? default);
        state.Write(_loose.Count);
        foreach (LooseSeam seam in _loose)
        {
            state.Write(seam.Position);
            state.WriteOptional(seam.Time);
            state.Write(seam.StaysLoose);
        }
    }

    public void Restore(BinaryReader state)
    {
        _ids = state.ReadIds() ?? [];
        Digest = _ids.Aggregate(UInt128.Zero, (sum, id) => sum + id);
        _frontierTime = state.ReadOptional();
        bool hasFrontier = state.ReadBoolean();
        UInt128 frontier = state.ReadUInt128();
        _frontier = hasFrontier ? frontier : null;
        for (int seams = state.ReadInt32(); seams > 0; seams--)
            _loose.Add(new LooseSeam(state.ReadInt64(), state.ReadOptional(), state.ReadBoolean()));
    }

    private bool IsFirm(ListingPage page) => page.Items[0].CreatedAt is { } first && _frontierTime is { } frontier && order.Precedes(first, frontier);

    private int Add(ListingPage page)
    {
        int added = 0;
        foreach (ListingItem item in page.Items)
        {
            if (!_ids.Add(item.Id))
                continue;
            added++;
            Digest += item.Id; // A sum, so that the order of adding does not matter.
        }

        return added;
    }

    private static long? LastTime(ListingPage page) => page.Items.Select(i => i.CreatedAt).LastOrDefault(t => t is not null);
}
