namespace KapsoArchive.Core.Runs.Verification;

/// <summary>What to verify.</summary>
/// <param name="RunId">Only this run; null for the whole archive.</param>
/// <param name="RebuildIndex">Whether to make the index anew from the parts first.</param>
public sealed record VerificationRequest(string? RunId, bool RebuildIndex);
