namespace KapsoArchive.Core.Sweeps;

/// <summary>Reads only the end of a listing that is oldest first, beginning at a known record older than the cutoff, and finds out
/// whether the index proves the rest.</summary>
/// <remarks>
/// <para>
/// <b>Why this is correct.</b> Let the first page of the tail begin with a record b whose time is strictly older than the cutoff, and join
/// each further page by the seam rule. The invariant: <i>every lasting record after b and before a covered record is covered.</i> It holds
/// for the tail's first page, which is what followed b at one moment. Each joined page keeps it, as in <see cref="Coverage"/>, and the
/// last page reaches the end of the listing. So every lasting record after b is covered. In a listing that is oldest first, a record that
/// is not older than the cutoff comes after b, whatever the order of equal times. That is the guarantee of a head sweep
/// (<see cref="HeadRule"/>); the count proves the rest as it does there.
/// </para>
/// <para>
/// The proof does not need b to be known, or the known records of the first page to be unchanged. These conditions show that the jump went
/// back far enough for all changes. If they fail, the jump goes back twice as far.
/// </para>
/// <para>
/// The tail is an island for the sweep that began at the first page, so its coverage is separate. If the tail proves nothing, that sweep
/// continues as if the tail had not been read, and reads its pages again; only the emitted records stay emitted.
/// </para>
/// </remarks>
internal sealed class TailReading(
    SweepPages pages, PageChooser chooser, HeadRule rule, OrderDetector order, SecondLooks looks,
    Func<ListingPage, CancellationToken, ValueTask> emit)
{
    /// <summary>Overlap of the pages, so that most seams are firm at once.</summary>
    private const int Overlap = 10;

    private PagePlan _plan;
    private long _covered;
    private long _back;
    private bool _isBegun;
    private bool _isAtEnd;

    public Coverage Coverage { get; } = new(order);

    /// <summary>Whether the tail proves nothing, or was not worth a jump.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Chooses the position to jump to: back by the number of records that the lookback would hold if they had come
    /// evenly.</summary>
    public void Plan(ListingPage first)
    {
        long span = rule.Newest - (first.Items.FirstOrDefault(i => i.CreatedAt is not null).CreatedAt ?? rule.Newest);
        double recent = span <= 0 ? rule.KnownListed : rule.KnownListed * ((rule.Newest - rule.Cutoff) / (double)span);
        Jump(Overlap + (long)Math.Min(recent, rule.KnownListed));
    }

    /// <returns>Whether the sweep may end here.</returns>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!IsGivenUp && !_isAtEnd)
        {
            if (await looks.TryGetAsync(_plan, Overlap, cancellationToken) is not { } page)
                IsGivenUp = true;
            else if (_isBegun)
                await GoOnAsync(page, cancellationToken);
            else if (rule.BeginsBack(page.Records) && rule.IsUnchanged(page.Records))
                await JoinAsync(page, position: 0, cancellationToken);
            else
                Jump(_back * 2);
        }

        IsGivenUp = IsGivenUp
            || order.Order != ListingOrder.OldestFirst
            || !rule.CountAgrees(pages.Total)
            || !await looks.FirmAsync(Coverage, rule.Concerns, cancellationToken)
            || order.Order != ListingOrder.OldestFirst
            || !rule.CountAgrees(pages.Total);
        return !IsGivenUp;
    }

    public void Save(BinaryWriter state)
    {
        state.Write(_plan);
        state.Write(_covered);
        state.Write(_back);
        state.Write(_isBegun);
        state.Write(_isAtEnd);
        state.Write(IsGivenUp);
        Coverage.Save(state);
    }

    public void Restore(BinaryReader state)
    {
        _plan = state.ReadPlan();
        _covered = state.ReadInt64();
        _back = state.ReadInt64();
        _isBegun = state.ReadBoolean();
        _isAtEnd = state.ReadBoolean();
        IsGivenUp = state.ReadBoolean();
        Coverage.Restore(state);
    }

    private async Task GoOnAsync(SweepPage page, CancellationToken cancellationToken)
    {
        if (Coverage.Holds(page.Records))
            await JoinAsync(page, page.Start, cancellationToken);
        else
            IsGivenUp = true; // The listing moves too much for a short cut.
    }

    private async Task JoinAsync(SweepPage page, long position, CancellationToken cancellationToken)
    {
        await emit(page.Records, cancellationToken);
        Coverage.Join(page.Records, position, _covered);
        _covered = page.Reach;
        _isBegun = true;
        if (page.Count == page.Requested)
            _plan = chooser.Next(_covered, pages.Total, Overlap);
        else if (Coverage.ReachesFrontier(page.Records))
            _isAtEnd = true;
        else
            IsGivenUp = true;
    }

    /// <summary>Aims at a page that begins this many records before the end of the known ones. Gives up if it would be the listing's
    /// first page.</summary>
    private void Jump(long back)
    {
        _back = back;
        long end = Math.Min(rule.KnownListed, pages.Total ?? 0);
        _plan = chooser.Next(Math.Max(0, end - back), pages.Total, overlap: 1);
        IsGivenUp = _plan.Start < chooser.Size;
    }
}
