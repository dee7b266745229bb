namespace KapsoArchive.FunctionsHost;

/// <summary>What the host waits for.</summary>
public enum WaitKind
{
    /// <summary>The next look at an empty queue.</summary>
    Poll,

    /// <summary>The next delivery of a message whose function failed.</summary>
    Redelivery,

    /// <summary>The next try of a function with a retry policy.</summary>
    Retry,
}
