namespace KapsoArchive.Core.Sweeps;

/// <summary>Decides when a sweep may end early because only messages of a time range are wanted, and the order of the listing shows that
/// all of them were read.</summary>
/// <remarks>
/// By the invariant of <see cref="Coverage"/>, every lasting record that precedes a covered one is covered. Suppose that a covered record
/// is older than the range in a listing that is newest first, or not older than the range's end in a listing that is oldest first. Then
/// every lasting record of the range strictly precedes it.
/// </remarks>
internal sealed class RangeRule
{
    private readonly long? _from;
    private readonly long? _to;

    private RangeRule(TimeRange range) => (_from, _to) = (Micros(range.From), Micros(range.To));

    /// <returns>Null if all times are wanted.</returns>
    public static RangeRule? For(ReadingGoal goal) => goal.Range.IsAll ? null : new RangeRule(goal.Range);

    /// <summary>Whether a joined page reaches past the range.</summary>
    public bool IsPast(ListingPage page, ListingOrder order)
    {
        long? last = page.Items.LastOrDefault(i => i.CreatedAt is not null).CreatedAt;
        return order switch
        {
            ListingOrder.NewestFirst => last < _from,
            ListingOrder.OldestFirst => last >= _to,
            _ => false,
        };
    }

    /// <summary>Whether equal times at this seam could hide a record of the range.</summary>
    public bool Concerns(LooseSeam seam) => seam.Time is null || (!(seam.Time < _from) && !(seam.Time >= _to));

    private static long? Micros(DateTimeOffset? time) => time is { } value ? Timestamp.ToMicros(value) : null;
}
