namespace KapsoArchive.Benchmarks.Harness;

/// <summary>One of those that do the same work.</summary>
/// <param name="Run">Does it once, in a folder that is empty.</param>
internal sealed record Contender(string Name, Func<string, Task<ChildCost>> Run);
