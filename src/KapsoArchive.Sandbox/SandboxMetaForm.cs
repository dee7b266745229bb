namespace KapsoArchive.Sandbox;

/// <summary>The form of a page's <c>meta</c>.</summary>
public enum SandboxMetaForm
{
    /// <summary>All four members, as documented.</summary>
    Complete,

    /// <summary>No <c>total_pages</c>.</summary>
    WithoutTotalPages,

    /// <summary>No <c>meta</c> at all.</summary>
    Missing,

    /// <summary><c>meta</c> is present, but its counts are null.</summary>
    Null,

    /// <summary>The counts are strings.</summary>
    Text,

    /// <summary>The names are written in camel case: <c>totalCount</c>.</summary>
    CamelCase,

    /// <summary>The counts are always 0.</summary>
    Zero,

    /// <summary>The counts are those of this page, not of the listing.</summary>
    OfPage,
}
