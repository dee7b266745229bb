using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>
/// Which page to ask for next, so that it overlaps what is covered. A page begins at <c>(page − 1) × per_page</c> and both numbers are
/// ours to choose, so nearly any
/// range of up to 100 records can be had.
/// </summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">1 to 100.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct PagePlan(int Page, int PerPage)
{
    public const int MaxPerPage = KapsoClient.MaxPerPage;

    /// <summary>Positions behind this cannot be requested: the number of their page would not fit.</summary>
    public const long MaxPosition = int.MaxValue;

    /// <summary>The position of its first record, from 0.</summary>
    public long Start => (Page - 1L) * PerPage;

    /// <summary>The position behind its last record, if it is full.</summary>
    public long End => (long)Page * PerPage;

    public static PagePlan First(int perPage = MaxPerPage) => new(1, perPage);

    /// <summary>The page that holds one record alone.</summary>
    public static PagePlan Single(long position) => new((int)position + 1, 1);

    /// <summary>
    /// The page that overlaps the first <paramref name="covered"/> positions by at least <paramref name="overlap"/> and reaches furthest.
    /// Taking the furthest each time needs the
    /// fewest requests: at most ⌈8/7 × ⌈n/100⌉⌉ for n records in pages of 100, and none more than ⌈n/100⌉ up to 197. A page that can reach
    /// the end of the listing leaves room on both
    /// sides instead: before it for records that were deleted, behind it for records that are new. If no page goes on, the overlap gives
    /// way.
    /// </summary>
    /// <param name="covered">Positions covered from the first on; 0 for the first page.</param>
    /// <param name="total">How many records there are; null if unknown.</param>
    /// <param name="overlap">1 to 50.</param>
    /// <param name="size">Records to request at most.</param>
    /// <param name="from">No page may begin before this position.</param>
    /// <param name="to">No page may reach behind this position.</param>
    /// <returns>Null if no page overlaps and goes on.</returns>
    public static PagePlan? Next(long covered, long? total, int overlap, int size = MaxPerPage, long from = 0, long to = long.MaxValue)
    {
        for (int least = overlap; least > 0; least--)
        {
            if (covered < least && from == 0)
                return to > covered ? First((int)Math.Min(size, to)) : null;
            if (Furthest(covered, covered - least, total, size, from, to) is { } plan)
                return plan;
        }

        return null;
    }

    /// <summary>The page that holds the record at <paramref name="position"/> with the most room on its narrower side.</summary>
    public static PagePlan Around(long position, int size = MaxPerPage)
    {
        PagePlan best = First(size);
        long bestRoom = -1;
        for (int perPage = 1; perPage <= size; perPage++)
        {
            PagePlan plan = new((int)(position / perPage) + 1, perPage);
            long room = plan.Start == 0 ? plan.End - position : Math.Min(position - plan.Start, plan.End - position);
            if (room > bestRoom)
                (best, bestRoom) = (plan, room);
        }

        return best;
    }

    private static PagePlan? Furthest(long covered, long latestStart, long? total, int size, long from, long to)
    {
        PagePlan? best = null;
        (bool ReachesEnd, long Reach) bestRank = (false, -1);
        for (int perPage = 1; perPage <= size; perPage++)
        {
            PagePlan plan = new((int)(latestStart / perPage) + 1, perPage);
            if (plan.Start < from || plan.End > to || plan.End <= covered)
                continue;
            (bool ReachesEnd, long Reach) rank = plan.End >= total && total > covered
                ? (true, Math.Min(covered - plan.Start, plan.End - total.Value))
                : (false, plan.End);
            if (rank.CompareTo(bestRank) > 0)
                (best, bestRank) = (plan, rank);
        }

        return best;
    }
}
