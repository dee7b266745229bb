namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>What to verify.</summary>
/// <param name="RunId">Only this run; null for the whole archive.</param>
/// <param name="RebuildIndex">Whether to make the index anew from the parts first.</param>
public sealed record VerificationRequest(string? RunId, bool RebuildIndex)
{
    /// <summary>The run of which a person says that what its manifest says of the one before it is wrong, and that the one before is right; null for none.</summary>
    public string? AcceptedRunId { get; init; }
}
