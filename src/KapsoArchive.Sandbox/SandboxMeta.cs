namespace KapsoArchive.Sandbox;

/// <summary>What a page says of the whole listing; not always the truth (<see cref="SandboxOddities"/>).</summary>
/// <param name="Page">The page that was asked for, from 1.</param>
/// <param name="PerPage">The size of a page as served.</param>
/// <param name="TotalPages">Null where it is left out.</param>
/// <param name="TotalCount">How many messages the listing claims to have; null if it does not say.</param>
public sealed record SandboxMeta(long Page, int PerPage, long? TotalPages, long? TotalCount)
{
    /// <summary>How it is written.</summary>
    public SandboxMetaForm Form { get; init; }
}
