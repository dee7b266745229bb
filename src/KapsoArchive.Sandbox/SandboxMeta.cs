namespace KapsoArchive.Sandbox;

/// <summary>A page's <c>meta</c> about the whole listing; not always true (<see cref="SandboxOddities"/>).</summary>
/// <param name="Page">The requested page, from 1.</param>
/// <param name="PerPage">The size of a page as served.</param>
/// <param name="TotalPages">Null if absent.</param>
/// <param name="TotalCount">The number of messages that the listing claims; null if absent.</param>
internal sealed record SandboxMeta(long Page, int PerPage, long? TotalPages, long? TotalCount)
{
    /// <summary>The JSON form of <c>meta</c>.</summary>
    public SandboxMetaForm Form { get; init; }
}
