namespace KapsoArchive.Core.Sweeps;

/// <summary>Decides whether a page is the last of its listing, and whether a listing has an end.</summary>
/// <remarks>
/// A page with fewer records than requested proves nothing by itself: servers cap <c>per_page</c>, and some do so silently. The page is the
/// last one if it also has fewer records than the largest page that the source has returned in this run. A page with fewer than ten is
/// always taken as the last: no server is known to cap so low.
/// </remarks>
internal static class EndRule
{
    /// <summary>A page with fewer records than this is not capped.</summary>
    public const int Unclampable = 10;

    /// <summary>Records that a listing may have beyond twice the source's count. No count is that wrong, and no listing grows that much
    /// while it is read.</summary>
    public const long Surplus = 1_000_000;

    /// <param name="read">Records read so far.</param>
    /// <param name="total">The source's count; null if it gives no count.</param>
    /// <param name="most">Maximum number of records in a conversation; see <see cref="Kapso.KapsoOptions.MaxMessages"/>.</param>
    /// <returns>Why the listing counts as endless; null if it does not.</returns>
    public static string? IsEndless(long read, long? total, long most) =>
        read > most
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the listing does not end: it continues after {most:N0} records (Kapso:MaxMessages)")
            : read > (2 * (total ?? 0)) + Surplus
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"the listing does not end: {read:N0} records were read, but the source counts {total ?? 0:N0}")
                : null;

    /// <param name="requested">Records requested.</param>
    /// <param name="given">Records returned.</param>
    /// <param name="largest">Size of the largest page in this run, including this one.</param>
    public static bool IsLast(int requested, int given, int largest) => given < requested && (given < largest || given < Unclampable);
}
