namespace KapsoArchive.Sandbox;

/// <summary>What can go wrong with one request.</summary>
public enum SandboxFaultKind
{
    /// <summary>500 with the documented JSON.</summary>
    InternalError,

    /// <summary>502 with a gateway's HTML page.</summary>
    BadGateway,

    /// <summary>503 with Retry-After.</summary>
    Unavailable,

    /// <summary>429 with Retry-After although the limit is not used up; several in a row.</summary>
    ThrottleStorm,

    /// <summary>The connection is closed before the answer.</summary>
    Reset,

    /// <summary>Half of the body, whose length was announced, then the connection is closed.</summary>
    Truncated,

    /// <summary>Half of the body, then nothing until the client gives up.</summary>
    Stalled,

    /// <summary>HTML with status 200.</summary>
    Html,

    /// <summary>The correct answer, late.</summary>
    Slow,
}
