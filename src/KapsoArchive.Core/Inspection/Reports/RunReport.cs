using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>All that the report of one run tells.</summary>
/// <param name="Run">What is known of the run.</param>
/// <param name="ManifestSha256">Of the manifest as it lies in the store; null where the run is not committed.</param>
/// <param name="Previous">Whether the manifest before this one is the one that this one names.</param>
/// <param name="Tally">What the run's parts hold; null where they cannot be counted.</param>
/// <param name="TallyProblem">Why they cannot be counted.</param>
internal sealed record RunReport(RunSummary Run, string? ManifestSha256, ChainLink Previous, MessageTally? Tally, string? TallyProblem);

/// <summary>How a manifest's reference to the one before it stands.</summary>
internal enum ChainLink
{
    /// <summary>There is no run before it.</summary>
    First,

    /// <summary>The manifest before it has the hash that this one gives.</summary>
    Holds,

    /// <summary>It has another.</summary>
    Differs,

    /// <summary>It is not there.</summary>
    Missing,
}
