namespace KapsoArchive.Sandbox;

/// <summary>What a page past the end of a listing is answered with.</summary>
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

    /// <summary>The last page once more.</summary>
    LastPage,
}
