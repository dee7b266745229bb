namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>Whether a page is the last of its listing.</summary>
/// <remarks>
/// A page with fewer records than were requested proves nothing by itself: servers cap <c>per_page</c>, and some of them do not say so. It
/// is the last one if it also has fewer than the source has shown in this
/// run that it can give. A page with fewer than ten is always believed: no server is known to cap so low.
/// </remarks>
internal static class EndRule
{
    /// <summary>Records below which a page is not capped.</summary>
    public const int Unclampable = 10;

    /// <param name="requested">Records that were requested.</param>
    /// <param name="given">Records that came.</param>
    /// <param name="largest">The most that a page had in this run, this one included.</param>
    public static bool IsLast(int requested, int given, int largest) => given < requested && (given < largest || given < Unclampable);
}
