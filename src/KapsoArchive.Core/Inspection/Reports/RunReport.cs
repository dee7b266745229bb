using KapsoArchive.Core.Inspection.Status;
using KapsoArchive.Core.Inspection.Verification;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>The content of one run's report.</summary>
/// <param name="Run">The run's manifest and record.</param>
/// <param name="ManifestSha256">The hash of the manifest in the store; null if the run is not committed.</param>
/// <param name="Previous">Whether the manifest names the actual manifest before it.</param>
/// <param name="Tally">The counts of the run's parts; null if they cannot be counted.</param>
/// <param name="TallyProblem">Why they cannot be counted.</param>
internal sealed record RunReport(RunSummary Run, string? ManifestSha256, ChainLink Previous, MessageTally? Tally, string? TallyProblem);

/// <summary>The state of a manifest's reference to the one before it.</summary>
internal enum ChainLink
{
    /// <summary>This is the first run.</summary>
    First,

    /// <summary>The manifest before it has the stated hash.</summary>
    Holds,

    /// <summary>It has a different hash.</summary>
    Differs,

    /// <summary>It is missing.</summary>
    Missing,
}
