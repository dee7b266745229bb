using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Archive;

/// <summary>The newest committed run, as its manifest has it.</summary>
/// <param name="Previous">What the manifest of the next run says of it; null before the first run.</param>
/// <param name="Pointer">What <c>latest.json</c> must say; null before the first run, and if neither document says when the run finished.</param>
internal sealed record NewestRun(ManifestPrevious? Previous, LatestPointer? Pointer)
{
    public string? RunId => Previous?.RunId;

    /// <summary>What is wrong with manifests, and what to do: one sentence each.</summary>
    public IReadOnlyList<string> ManifestDamages { get; init; } = [];

    /// <summary>The same of <c>latest.json</c>; null for nothing.</summary>
    public string? PointerDamage { get; init; }

    /// <summary>Whether <c>latest.json</c> is missing or points at an earlier run, as it does for a moment after each commit.</summary>
    public bool PointerIsBehind { get; init; }

    /// <summary>All of it.</summary>
    public IReadOnlyList<string> Damages => PointerDamage is null ? ManifestDamages : [.. ManifestDamages, PointerDamage];

    /// <summary>The same if a run may be between its manifest and <c>latest.json</c>, which is no damage.</summary>
    public IReadOnlyList<string> DamagesDuringRun => PointerIsBehind ? ManifestDamages : Damages;
}
