namespace KapsoArchive.Sandbox;

/// <summary>The answer to a page past the end of a listing.</summary>
public enum SandboxPastEnd
{
    /// <summary>200 and no records, as Kapso does.</summary>
    Empty,

    /// <summary>400.</summary>
    BadRequest,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>422.</summary>
    Unprocessable,

    /// <summary>The last page again.</summary>
    LastPage,
}
