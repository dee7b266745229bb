namespace KapsoArchive.Sandbox.Http;

/// <summary>Counts of the sandbox's requests and answers so far.</summary>
internal sealed record SandboxStats(
    long Requests,
    long Throttled,
    IReadOnlyDictionary<SandboxFaultKind, long> Faults,
    IReadOnlyList<SandboxRateWindow> Windows);
