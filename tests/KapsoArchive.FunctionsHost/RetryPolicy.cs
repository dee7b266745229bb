namespace KapsoArchive.FunctionsHost;

/// <summary>How often a failed function is tried again.</summary>
/// <param name="MaxRetries">The tries after the first.</param>
/// <param name="Delay">The pause before each.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan Delay);
