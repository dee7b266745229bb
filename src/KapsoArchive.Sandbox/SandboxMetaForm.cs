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

    /// <summary><c>meta</c> is there, and its counts are null.</summary>
    Null,

    /// <summary>The counts are numbers in quotation marks.</summary>
    Text,

    /// <summary>The names are written in camel case: <c>totalCount</c>.</summary>
    CamelCase,

    /// <summary>The counts are 0, whatever the page holds.</summary>
    Zero,

    /// <summary>The counts are those of this page, not of the listing.</summary>
    OfPage,
}
