namespace KapsoArchive.Sandbox.Http;

/// <summary>What the sandbox has been asked and how it answered, so far.</summary>
internal sealed record SandboxStats(
    long Requests,
    long Throttled,
    IReadOnlyDictionary<SandboxFaultKind, long> Faults,
    IReadOnlyList<SandboxRateWindow> Windows);
