using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>The page to request next, so that it overlaps the covered records. A page begins at <c>(page − 1) × per_page</c>, and the
/// caller chooses both numbers, so nearly any range of up to 100 records is available.</summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">1 to 100.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct PagePlan(int Page, int PerPage)
{
    public const int MaxPerPage = KapsoClient.MaxPerPage;

    /// <summary>Positions after this one cannot be requested: their page number would not fit.</summary>
    public const long MaxPosition = int.MaxValue;

    /// <summary>Position of its first record, from 0.</summary>
    public long Start => (Page - 1L) * PerPage;

    /// <summary>Position after its last record, if it is full.</summary>
    public long End => (long)Page * PerPage;

    public static PagePlan First(int perPage = MaxPerPage) => new(1, perPage);

    /// <summary>The page that contains only this record.</summary>
    public static PagePlan Single(long position) => new((int)position + 1, 1);

    /// <summary>
    /// The page that overlaps the first <paramref name="covered"/> positions by at least <paramref name="overlap"/> and reaches furthest.
    /// Always taking the furthest page needs the fewest requests: at most ⌈8/7 × ⌈n/100⌉⌉ for n records in pages of 100, and at most
    /// ⌈n/100⌉ for up to 197 records. A page that can reach the end of the listing leaves room on both sides instead: before it for
    /// deleted records, after it for new ones. If no page continues, the overlap is reduced.
    /// </summary>
    /// <param name="covered">Number of covered positions from the first on; 0 for the first page.</param>
    /// <param name="total">Number of records; null if unknown.</param>
    /// <param name="overlap">1 to 50.</param>
    /// <param name="size">Maximum number of records to request.</param>
    /// <param name="from">No page may begin before this position.</param>
    /// <param name="to">No page may reach past this position.</param>
    /// <returns>Null if no page overlaps and continues.</returns>
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

    /// <summary>The page that contains the record at <paramref name="position"/> and leaves the most room on its narrower side.</summary>
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
