namespace KapsoArchive.Sandbox;

/// <summary>What can go wrong with one request for a file.</summary>
public enum SandboxMediaFaultKind
{
    /// <summary>404.</summary>
    NotFound,

    /// <summary>410.</summary>
    Gone,

    /// <summary>403, as after the expiry.</summary>
    Forbidden,

    /// <summary>503 with Retry-After.</summary>
    Unavailable,

    /// <summary>The file, late.</summary>
    Slow,

    /// <summary>Half of the file, whose length was announced, then the connection is closed.</summary>
    Truncated,

    /// <summary>Half of the file, whose length was announced, then nothing until the client gives up.</summary>
    Stalled,

    /// <summary>The whole file, although only half of its length was announced.</summary>
    LongerThanDeclared,

    /// <summary>The file without an announced length.</summary>
    Undeclared,

    /// <summary>The file, declared as another type.</summary>
    WrongType,

    /// <summary>Bytes without end.</summary>
    Endless,

    /// <summary>A redirect that leads back to itself.</summary>
    RedirectLoop,

    /// <summary>A redirect to a private address.</summary>
    RedirectToPrivate,

    /// <summary>A sign-in page with status 200.</summary>
    HtmlInstead,

    /// <summary>The connection is closed before the answer.</summary>
    BrokenConnection,
}
