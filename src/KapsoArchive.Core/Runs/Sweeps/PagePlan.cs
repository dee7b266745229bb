using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// Which page to ask for next, so that it overlaps what is covered. A page begins at <c>(page − 1) × per_page</c> and both numbers are ours to choose, so nearly any
/// range of up to 100 records can be had.
/// </summary>
/// <param name="Page">From 1.</param>
/// <param name="PerPage">1 to 100.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct PagePlan(int Page, int PerPage)
{
    public const int MaxPerPage = KapsoClient.MaxPerPage;

    public static PagePlan First { get; } = new(1, MaxPerPage);

    /// <summary>The position of its first record, from 0.</summary>
    public long Start => (Page - 1L) * PerPage;

    /// <summary>The position behind its last record, if it is full.</summary>
    public long End => (long)Page * PerPage;

    /// <summary>
    /// The page that overlaps the first <paramref name="covered"/> positions by at least <paramref name="overlap"/> and reaches furthest. Taking the furthest each time needs the
    /// fewest requests: at most ⌈8/7 × ⌈n/100⌉⌉ for n records, and none more than ⌈n/100⌉ up to 198. A page that can reach the end of the listing leaves room on both
    /// sides instead: before it for records that were deleted, behind it for records that are new.
    /// </summary>
    /// <param name="covered">Positions covered from the first on; 0 for the first page.</param>
    /// <param name="total">How many records there are; null where it is not known.</param>
    /// <param name="overlap">1 to 50.</param>
    public static PagePlan Next(long covered, long? total, int overlap)
    {
        long latestStart = covered - overlap;
        if (latestStart < 0)
            return First;

        PagePlan best = default;
        (bool ReachesEnd, long Reach) bestRank = (false, -1);
        for (int perPage = 1; perPage <= MaxPerPage; perPage++)
        {
            PagePlan plan = new((int)(latestStart / perPage) + 1, perPage);
            (bool ReachesEnd, long Reach) rank = plan.End >= total
                ? (true, Math.Min(covered - plan.Start, plan.End - total.Value))
                : (false, plan.End);
            if (rank.CompareTo(bestRank) > 0)
                (best, bestRank) = (plan, rank);
        }

        return best;
    }

    /// <summary>The page that holds the record at <paramref name="position"/> with the most room on its narrower side.</summary>
    public static PagePlan Around(long position)
    {
        PagePlan best = First;
        long bestRoom = -1;
        for (int perPage = 1; perPage <= MaxPerPage; perPage++)
        {
            PagePlan plan = new((int)(position / perPage) + 1, perPage);
            long room = plan.Start == 0 ? plan.End - position : Math.Min(position - plan.Start, plan.End - position);
            if (room > bestRoom)
                (best, bestRoom) = (plan, room);
        }

        return best;
    }
}
