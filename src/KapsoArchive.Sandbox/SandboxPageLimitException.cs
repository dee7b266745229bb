namespace KapsoArchive.Sandbox;

/// <summary>The page lies past the limit of <see cref="SandboxOddities.MaxOffset"/>: over HTTP a 400, as the vendor's newer API answers.</summary>
public sealed class SandboxPageLimitException(long maxPage, long maxOffset)
    : Exception($"Pages past {maxPage} (page × per_page over {maxOffset}) are not served.")
{
    /// <summary>The last page that is served at the size asked for.</summary>
    public long MaxPage { get; } = maxPage;

    /// <summary>The greatest page × per_page that is served.</summary>
    public long MaxOffset { get; } = maxOffset;
}
