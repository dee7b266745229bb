namespace KapsoArchive.Sandbox;

/// <summary>How much of <c>meta</c> a page has.</summary>
public enum SandboxMetaForm
{
    /// <summary>All four members, as documented.</summary>
    Complete,

    /// <summary>No <c>total_pages</c>.</summary>
    WithoutTotalPages,

    /// <summary>No <c>meta</c> at all.</summary>
    Missing,
}
