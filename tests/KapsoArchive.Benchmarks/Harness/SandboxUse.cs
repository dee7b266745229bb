namespace KapsoArchive.Benchmarks.Harness;

/// <summary>What was asked of a sandbox.</summary>
/// <param name="Windows">The requests that were let in, in each rate window in which there were any.</param>
internal sealed record SandboxUse(long Requests, long Throttled, IReadOnlyList<int> Windows);
