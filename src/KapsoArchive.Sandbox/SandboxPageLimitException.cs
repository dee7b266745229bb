namespace KapsoArchive.Sandbox;

/// <summary>The page is past the limit of <see cref="SandboxOddities.MaxOffset"/>. Over HTTP this is a 400, as in the vendor's newer
/// API.</summary>
internal sealed class SandboxPageLimitException(long maxPage, long maxOffset)
    : Exception($"Pages past {maxPage} (page × per_page over {maxOffset}) are not served.")
{
    /// <summary>The last page that is served at the requested size.</summary>
    public long MaxPage { get; } = maxPage;

    /// <summary>The greatest page × per_page that is served.</summary>
    public long MaxOffset { get; } = maxOffset;
}
