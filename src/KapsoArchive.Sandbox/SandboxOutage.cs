namespace KapsoArchive.Sandbox;

/// <summary>What every request meets until it is lifted.</summary>
public enum SandboxOutage
{
    /// <summary>No outage.</summary>
    None,

    /// <summary>500, as documented.</summary>
    Error,

    /// <summary>503 with Retry-After.</summary>
    Unavailable,

    /// <summary>The connection is broken before the answer.</summary>
    Reset,
}
