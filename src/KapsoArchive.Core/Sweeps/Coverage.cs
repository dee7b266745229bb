using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>What one sweep has covered of a listing that may move while it is read, and the rule for adding a page to it.</summary>
/// <remarks>
/// <para>
/// <b>The seam rule.</b> A page is joined only if its first record is already covered. Then the first record of the page that was not read
/// before directly follows one that was. The first page of the listing is exempt, because nothing precedes it.
/// </para>
/// <para>
/// <b>Why nothing is skipped.</b> Assume that the listing keeps the relative order of its records; records may come and go anywhere, at
/// any time. Call a record <i>lasting</i> if it is listed from the sweep's first request to its last. The invariant: <i>every lasting
/// record that precedes a covered record is covered.</i> It holds for the first page, which is the beginning of the listing at one moment.
/// Now join a page whose first record, c, is covered. A lasting record before c is covered by the invariant. A lasting record after c but
/// before some record of the page stood between them when the page was read, so it is in the page. Hence the invariant still holds. The
/// last page reaches the end of the listing, so every lasting record is in it or precedes one of its records: all are covered. The
/// argument does not depend on when the pages were read, so pages may be fetched ahead and out of order, and a sweep may be paused. Every
/// covered record was in a page, so it was listed.
/// </para>
/// <para>
/// <b>Equal times.</b> A listing that is ordered by <c>created_at</c> may return records with the same time in a different order at each
/// request. Then "precedes" is certain only between different times. A seam is <i>firm</i> if the page begins with a covered record whose
/// time strictly precedes that of the last covered record: the page then holds all lasting records of that time, however they are
/// shuffled. Any other seam is <i>loose</i>. It proves the same as long as equal times are not shuffled, so the counts must agree as well,
/// or a second look must make it firm.
/// </para>
/// <para>A page whose seam fails is discarded: its records would form an island, and a seam on an island proves nothing.</para>
/// </remarks>
/// <param name="order">The order of the listing, as far as it is known.</param>
internal sealed class Coverage(OrderDetector order)
{
    private readonly List<LooseSeam> _loose = [];
    private HashSet<UInt128> _ids = [];
    private long? _frontierTime;
    private UInt128? _frontier;

    /// <summary>The covered records, as hashes of their ids.</summary>
    public HashSet<UInt128> Ids => _ids;

    /// <summary>Distinct records covered.</summary>
    public int Count => _ids.Count;

    public ListingOrder Order => order.Order;

    /// <summary>Digest of the set of ids. It does not depend on the order in which they were covered.</summary>
    public UInt128 Digest { get; private set; }

    public IReadOnlyList<LooseSeam> LooseSeams => _loose;

    /// <summary>Whether the page's first record is covered, so that the page may be joined. An empty page shows no seam.</summary>
    public bool Holds(ListingPage page) => page.Items.Length > 0 && _ids.Contains(page.Items[0].Id);

    /// <summary>Number of records at the beginning of the page that are covered already.</summary>
    public int LeadingKnown(ListingPage page)
    {
        int known = 0;
        while (known < page.Items.Length && _ids.Contains(page.Items[known].Id))
            known++;
        return known;
    }

    /// <summary>Joins a page that begins the listing, or whose seam holds.</summary>
    /// <param name="position">Position of the page's first record.</param>
    /// <param name="covered">Position at which the covered records ended; 0 for a page that begins the listing.</param>
    /// <returns>Number of its records that were not covered before.</returns>
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
        bool fromBefore = look.IsFirst
            || (Holds(page) && page.Items[0].CreatedAt is { } first && seam.Time is { } time && order.Precedes(first, time));
        bool toBehind = look.IsLast || (LastTime(page) is { } last && seam.Time is { } seamTime && order.Precedes(seamTime, last));
        return fromBefore && toBehind;
    }

    /// <summary>Adds the records of a second look that makes a seam firm.</summary>
    public void Firm(int seam, ListingPage look)
    {
        order.Add(look.Items);
        Add(look);
        _loose.RemoveAt(seam);
    }

    /// <summary>Gives up a seam that a second look did not make firm.</summary>
    public void LeaveLoose(int seam) => _loose[seam] = _loose[seam] with { StaysLoose = true };

    /// <summary>Whether a joined page reaches the furthest covered record, as the last page of a listing must.</summary>
    public bool ReachesFrontier(ListingPage page) =>
        page.Items.Any(item => item.Id == _frontier)
            || (LastTime(page) is { } last && _frontierTime is { } frontier && (last == frontier || order.Precedes(frontier, last)));

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

    private bool IsFirm(ListingPage page) =>
        page.Items[0].CreatedAt is { } first && _frontierTime is { } frontier && order.Precedes(first, frontier);

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
