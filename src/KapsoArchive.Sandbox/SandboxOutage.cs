namespace KapsoArchive.Sandbox;

/// <summary>A failure of every request until it is set to <see cref="None"/>.</summary>
public enum SandboxOutage
{
    /// <summary>No outage.</summary>
    None,

    /// <summary>500, as documented.</summary>
    Error,

    /// <summary>503 with Retry-After.</summary>
    Unavailable,

    /// <summary>The connection is closed before the answer.</summary>
    Reset,
}
