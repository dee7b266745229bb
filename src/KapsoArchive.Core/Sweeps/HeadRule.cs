using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Decides when a sweep may end early because the index proves the rest.</summary>
/// <remarks>
/// <para>
/// <b>What a head sweep guarantees.</b> The <i>cutoff</i> is the newest known time minus the lookback. Suppose that the listing is newest
/// first, and that the sweep has joined a page with a record strictly older than the cutoff. By the invariant of <see cref="Coverage"/>,
/// every lasting record before that one is covered; these are all lasting records not older than the cutoff. Equal times can hide only
/// records that have the time of a loose seam, so every seam not older than the cutoff must be firm. For a listing that is oldest first,
/// see <see cref="TailReading"/>.
/// </para>
/// <para>
/// <b>What the count adds.</b> Records older than the cutoff are not read. They are assumed to be the known ones if the source lists as
/// many records as are known and newly read. A deleted message and a message that was added among the old ones (a history import) cancel
/// out in that count: neither is noticed before the next full sweep.
/// </para>
/// <para>
/// A rejected record has no lasting key. If some are known and some are read, they cannot be matched, so the count decides nothing.
/// </para>
/// </remarks>
internal sealed class HeadRule
{
    private readonly KnownMessages _known;
    private readonly IReadOnlySet<UInt128> _waiting;
    private int _new;
    private int _rejected;
    private int _seen;
    private int _waitingSeen;
    private bool _isChanged;

    private HeadRule(ReadingGoal goal)
    {
        (_known, _waiting) = (goal.Known, goal.Waiting);
        Newest = _known.NewestCreatedAt ?? long.MinValue;
        Cutoff = _known.NewestCreatedAt is { } newest ? newest - (long)goal.Lookback.TotalMicroseconds : long.MinValue;
    }

    /// <summary>The newest known time, in microseconds.</summary>
    public long Newest { get; }

    /// <summary>Records older than this need not be read again.</summary>
    public long Cutoff { get; }

    /// <summary>Records that were listed when the archive last read the whole listing, minus those that were no longer listed
    /// then.</summary>
    public long KnownListed => LiveListed + _known.Rejected;

    /// <summary>Whether the sweep has read past the cutoff.</summary>
    public bool IsPastCutoff { get; private set; }

    private long LiveListed => (long)_known.Count - _waiting.Count + _waitingSeen;

    /// <returns>Null if every page is to be read, or if the source's count was wrong when the whole listing was last read: then it proves
    /// nothing.</returns>
    public static HeadRule? For(ReadingGoal goal) => !goal.Full && goal.CountAgreed ? new HeadRule(goal) : null;

    /// <summary>Notes records; each record must be passed once.</summary>
    public void Note(IReadOnlyList<ListingItem> items)
    {
        foreach (ListingItem item in items)
        {
            if (!item.IsMessage)
            {
                _rejected++;
            }
            else if (_known.TryGet(item.Id, out ulong fingerprint))
            {
                _seen++;
                _waitingSeen += _waiting.Contains(item.Id) ? 1 : 0;
                _isChanged |= fingerprint != item.Fingerprint;
            }
            else
            {
                _new++;
            }
        }
    }

    /// <summary>Whether a page of a listing that is newest first reaches past the cutoff.</summary>
    public bool ReachesBack(ListingPage page)
    {
        bool reaches = page.Items.LastOrDefault(i => i.CreatedAt is not null).CreatedAt < Cutoff;
        IsPastCutoff |= reaches;
        return reaches;
    }

    /// <summary>Whether a page of a listing that is oldest first begins with a known record older than the cutoff.</summary>
    public bool BeginsBack(ListingPage page) => page.Items.Length > 0 && page.Items[0].CreatedAt < Cutoff && IsKnown(page.Items[0]);

    /// <summary>Whether the page has known records, and all of them are unchanged.</summary>
    public bool IsUnchanged(ListingPage page)
    {
        bool any = false;
        foreach (ListingItem item in page.Items)
        {
            if (!item.IsMessage || !_known.TryGet(item.Id, out ulong fingerprint))
                continue;
            if (fingerprint != item.Fingerprint)
                return false;
            any = true;
        }

        return any;
    }

    /// <summary>Whether the source's count equals the known records plus the new ones.</summary>
    public bool CountAgrees(long? total) => KnownListed + _new + _rejected == total && (_rejected == 0 || _known.Rejected == 0);

    /// <summary>Whether every known live message was seen unchanged, and the source's count equals these plus the new records. Then
    /// nothing can follow.</summary>
    public bool HasSeenEverything(long? total) => !_isChanged && _seen == LiveListed && _seen + _new + _rejected == total;

    /// <summary>Whether equal times at this seam could hide a record that is not older than the cutoff.</summary>
    public bool Concerns(LooseSeam seam) => seam.Time is null || seam.Time >= Cutoff;

    public void Save(BinaryWriter state)
    {
        state.Write(_new);
        state.Write(_rejected);
        state.Write(_seen);
        state.Write(_waitingSeen);
        state.Write(_isChanged);
        state.Write(IsPastCutoff);
    }

    public void Restore(BinaryReader state)
    {
        _new = state.ReadInt32();
        _rejected = state.ReadInt32();
        _seen = state.ReadInt32();
        _waitingSeen = state.ReadInt32();
        _isChanged = state.ReadBoolean();
        IsPastCutoff = state.ReadBoolean();
    }

    private bool IsKnown(ListingItem item) => _known.TryGet(item.Id, out _);
}
