using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Decides where a sweep may end early, because only messages of a span of time are wanted and the listing's order shows that all
/// of them were read.</summary>
/// <remarks>
/// By the invariant of <see cref="Coverage"/> every lasting record that stands before a covered one is covered. Once a record older than
/// the span is covered in a listing that is newest first, or one
/// not older than its end in a listing that is oldest first, every lasting record of the span stands strictly before it.
/// </remarks>
internal sealed class RangeRule
{
    private readonly long? _from;
    private readonly long? _to;

    private RangeRule(TimeRange range) => (_from, _to) = (Micros(range.From), Micros(range.To));

    /// <returns>Null where all times are wanted.</returns>
    public static RangeRule? For(ReadingGoal goal) => goal.Range.IsAll ? null : new RangeRule(goal.Range);

    /// <summary>Whether a page that was joined reaches past the span.</summary>
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

    /// <summary>Whether equal times at this seam could hide a record of the span.</summary>
    public bool Concerns(LooseSeam seam) => seam.Time is null || (!(seam.Time < _from) && !(seam.Time >= _to));

    private static long? Micros(DateTimeOffset? time) => time is { } value ? Timestamp.ToMicros(value) : null;
}
