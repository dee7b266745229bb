using System.Globalization;

namespace KapsoArchive.Core.Sweeps;

/// <summary>Whether a page is the last of its listing, and whether a listing has an end.</summary>
/// <remarks>
/// A page with fewer records than were requested proves nothing by itself: servers cap <c>per_page</c>, and some of them do not say so. It
/// is the last one if it also has fewer than the source has shown in this
/// run that it can give. A page with fewer than ten is always believed: no server is known to cap so low.
/// </remarks>
internal static class EndRule
{
    /// <summary>Records below which a page is not capped.</summary>
    public const int Unclampable = 10;

    /// <summary>Records that a listing may have beyond twice what its source counts: no count is so wrong, and nothing grows by so much while
    /// it is read.</summary>
    public const long Surplus = 1_000_000;

    /// <param name="read">Records that were read.</param>
    /// <param name="total">What the source counts; null if it gives no count.</param>
    /// <param name="most">What a conversation may have; see <see cref="Kapso.KapsoOptions.MaxMessages"/>.</param>
    /// <returns>Why the listing counts as endless; null if it does not.</returns>
    public static string? IsEndless(long read, long? total, long most) =>
        read > most
            ? string.Create(CultureInfo.InvariantCulture, $"the listing does not come to an end: it goes on behind {most:N0} records (Kapso:MaxMessages)")
            : read > (2 * (total ?? 0)) + Surplus
                ? string.Create(CultureInfo.InvariantCulture, $"the listing does not come to an end: {read:N0} records were read, and the source counts {total ?? 0:N0}")
                : null;

    /// <param name="requested">Records that were requested.</param>
    /// <param name="given">Records that came.</param>
    /// <param name="largest">The most that a page had in this run, this one included.</param>
    public static bool IsLast(int requested, int given, int largest) => given < requested && (given < largest || given < Unclampable);
}
