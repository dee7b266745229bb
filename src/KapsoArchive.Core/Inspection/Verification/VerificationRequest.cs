namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>What to verify.</summary>
/// <param name="RunId">Only this run; null for the whole archive.</param>
/// <param name="RebuildIndex">Whether to rebuild the index from the parts first.</param>
public sealed record VerificationRequest(string? RunId, bool RebuildIndex)
{
    /// <summary>If set, the files are divided into so many parts, and the content of one part is read: the next part each
    /// time.</summary>
    public int? Parts { get; init; }

    /// <summary>The run whose manifest a person declares wrong about the one before it, which is right; null to accept nothing.</summary>
    public string? AcceptedRunId { get; init; }
}
