using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Chooses the pages of one sweep: as large as the source returns them, smaller if a page fails, and never across a record that
/// the source cannot return. A page that fails is halved until a single record fails. That record is a gap; what follows it is read
/// separately.</summary>
/// <param name="shape">How the source pages.</param>
/// <param name="number">Number of the sweep, from 1. Each sweep begins with another size, so that its pages have other boundaries.</param>
/// <param name="doubtful">Records that could not be read last time; each is tried once.</param>
internal sealed class PageChooser(SourceShape shape, int number, UnreadableRecords doubtful)
{
    /// <summary>Failed requests allowed for one conversation in a run, before its remaining records are skipped.</summary>
    public const int MaxFailures = 40;

    private UnreadableRecords _doubtful = doubtful;
    private readonly List<long> _gaps = [];
    private int _own = PagePlan.MaxPerPage;
    private long _from;
    private long _hurdle;
    private int _sizeBefore;
    private int _gapsBefore;
    private bool _triesFullPage;
    private string? _lastFailure;

    /// <summary>Positions of the records that could not be read.</summary>
    public IReadOnlyList<long> Gaps => _gaps;

    /// <summary>Failed requests so far.</summary>
    public int Failures { get; private set; }

    /// <summary>Maximum number of records to request.</summary>
    public int Size => Math.Min(_own, shape.MostPerPage);

    /// <summary>Whether a page failed and its records have not been read yet.</summary>
    public bool IsAtHurdle => _hurdle > 0;

    /// <summary>The largest size worth returning to: the previous size, if the source ever returned that many records.</summary>
    private int Ceiling => Math.Max(_own, Math.Max(2, Math.Min(_sizeBefore, shape.LargestPage)));

    /// <summary>The first page of the listing.</summary>
    public PagePlan First()
    {
        _triesFullPage = shape.MayTryFullPage();
        int size = _triesFullPage ? PagePlan.MaxPerPage : Size;
        if (number > 1)
            size = OfAnotherSweep(shape.LargestPage > 0 ? Math.Min(size, shape.LargestPage) : size);
        return NextDoubtful(0) is { } position ? PagePlan.First((int)Math.Clamp(position, 1, size)) : PagePlan.First(size);
    }

    /// <summary>The next page after the covered records; a single record if no page overlaps them and continues.</summary>
    public PagePlan Next(long covered, long? total, int overlap)
    {
        if (covered <= 0 && _from == 0)
            return First();
        int size = Size;
        long to = NextDoubtful(covered) ?? long.MaxValue;
        int least = Math.Clamp(overlap, 1, Math.Max(1, size / 4));
        return (to > covered ? PagePlan.Next(covered, total, least, size, _from, to) : null) ?? PagePlan.Single(covered);
    }

    /// <summary>Number of retries if the page fails; null for the default.</summary>
    public int? RetriesFor(PagePlan plan) => IsDoubtful(plan) || (_triesFullPage && plan == PagePlan.First()) ? 0 : IsAtHurdle ? 1 : null;

    /// <summary>Whether a page may be joined without an overlap, because the source offers no other page.</summary>
    public static bool IsAlone(PagePlan plan, long covered) => plan.PerPage == 1 && plan.Start == covered;

    /// <returns>Position at which the last gap ends, if that gap prevents an overlap from this position on; otherwise null.</returns>
    public long? GapBefore(long position) => _from > 0 && position <= _from ? _from : null;

    /// <summary>Whether it retries a record that could not be read last time. If the record can be read now, pages may cross it
    /// again.</summary>
    public bool TriesAgain(PagePlan plan)
    {
        if (!IsDoubtful(plan))
            return false;
        Forget(plan.Start);
        return true;
    }

    /// <summary>Moves the positions that could not be read last time by the number of records added since, in a listing that is newest
    /// first.</summary>
    public void Shift(long? total)
    {
        if (_gaps.Count == 0)
            _doubtful = _doubtful.MovedTo(total);
    }

    /// <summary>Notes that fewer records were returned than requested, although this may not be the end.</summary>
    public void NoteShort(int given) => _own = Math.Clamp(given, Math.Min(EndRule.Unclampable, _own), _own);

    /// <summary>Notes that a page was joined.</summary>
    /// <param name="covered">Position at which the covered records end now.</param>
    public void Joined(long covered)
    {
        if (!IsAtHurdle)
            return;
        bool hasGap = _gaps.Count > _gapsBefore;
        if (covered < _hurdle)
        {
            _own = hasGap || _own == 1 ? Math.Min(_own * 2, Ceiling) : _own;
            return;
        }

        PassHurdle();
    }

    /// <summary>Notes that nothing follows.</summary>
    public void Ended()
    {
        if (IsAtHurdle)
            PassHurdle();
    }

    /// <summary>Notes that a page failed.</summary>
    /// <returns>Position at which reading continues if a single record failed; null if smaller pages are to be tried.</returns>
    /// <exception cref="ListingGivenUpException">Too many requests failed.</exception>
    public long? Failed(PagePlan plan, UnreadablePageException failure)
    {
        Failures += failure.Requests;
        _lastFailure = failure.Message.TrimEnd('.');
        if (Failures >= MaxFailures)
        {
            throw new ListingGivenUpException(
                $"{Failures} {IncompleteReason.PagesFailed}, the last one for the records {plan.Start} to {plan.End - 1} ({_lastFailure}); "
                + $"what follows was left alone{InWords()}");
        }

        if (plan.PerPage == 1)
        {
            Forget(plan.Start);
            _gaps.Add(plan.Start);
            return _from = plan.Start + 1;
        }

        if (!IsAtHurdle)
            (_sizeBefore, _gapsBefore) = (Size, _gaps.Count);
        _hurdle = Math.Max(_hurdle, plan.End);
        _own = Math.Max(plan.PerPage / 2, 1);
        return null;
    }

    /// <summary>Notes that a page requested for a second look failed.</summary>
    public void FailedLook(UnreadablePageException failure) => Failures += failure.Requests;

    /// <summary>Why the listing has gaps, in words; null if it has none.</summary>
    public string? Remark() =>
        _gaps.Count == 0
            ? null
            : $"{IncompleteReason.CannotGive} {(_gaps.Count == 1 ? "the record" : "the records")} at {new UnreadableRecords(_gaps, null)} "
                + $"of the listing, counted from 0 ({_lastFailure})";

    private string InWords() => _gaps.Count == 0 ? "" : $"; it cannot give the records at {new UnreadableRecords(_gaps, null)}";

    public void Save(BinaryWriter state)
    {
        state.Write(IsAtHurdle ? _sizeBefore : _own);
        state.Write(_from);
        state.Write(Failures);
        state.WriteOptional(_lastFailure);
        Write(_gaps);
        Write(_doubtful.Positions);

        void Write(IReadOnlyList<long> positions)
        {
            state.Write7BitEncodedInt(positions.Count);
            foreach (long position in positions)
                state.Write(position);
        }
    }

    /// <summary>After a pause, a failed page is requested whole again: the cause may have been an outage.</summary>
    public void Restore(BinaryReader state)
    {
        _own = state.ReadInt32();
        _from = state.ReadInt64();
        Failures = state.ReadInt32();
        _lastFailure = state.ReadOptionalText();
        _gaps.AddRange(Read());
        _doubtful = _doubtful with { Positions = Read() };

        long[] Read()
        {
            long[] positions = new long[state.Read7BitEncodedInt()];
            for (int i = 0; i < positions.Length; i++)
                positions[i] = state.ReadInt64();
            return positions;
        }
    }

    private void PassHurdle()
    {
        if (_gaps.Count == _gapsBefore)
            shape.NoteHalved(_own);
        _own = Ceiling;
        _hurdle = 0;
    }

    private int OfAnotherSweep(int size) => size < 3 ? size : Math.Max((size / 2) + 1, size - ((number - 1) * Math.Max(1, size / 14)));

    private long? NextDoubtful(long covered)
    {
        foreach (long position in _doubtful.Positions)
        {
            if (position >= covered)
                return position;
        }

        return null;
    }

    private bool IsDoubtful(PagePlan plan) => plan.PerPage == 1 && _doubtful.Positions.Contains(plan.Start);

    private void Forget(long position) => _doubtful = _doubtful with { Positions = [.. _doubtful.Positions.Where(p => p != position)] };
}
