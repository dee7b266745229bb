namespace KapsoArchive.Sandbox;

/// <summary>The oddities answer a page with an error. Over HTTP, the answer has this status.</summary>
internal sealed class SandboxRefusalException(int status) : Exception($"The page is answered with {status}.")
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
