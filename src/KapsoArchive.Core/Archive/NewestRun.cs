namespace KapsoArchive.Core.Archive;

/// <summary>The newest committed run, according to its manifest.</summary>
/// <param name="Previous">How the manifest of the next run refers to it; null before the first run.</param>
/// <param name="Pointer">The required content of <c>latest.json</c>; null before the first run, and if neither document says when the run
/// finished.</param>
internal sealed record NewestRun(ManifestPrevious? Previous, LatestPointer? Pointer)
{
    public string? RunId => Previous?.RunId;

    /// <summary>What is wrong with manifests, and what to do: one sentence each.</summary>
    public IReadOnlyList<string> ManifestDamages { get; init; } = [];

    /// <summary>What is wrong with <c>latest.json</c>, likewise; null if nothing is.</summary>
    public string? PointerDamage { get; init; }

    /// <summary>Whether <c>latest.json</c> is missing or points at an earlier run, as it does for a moment after each commit.</summary>
    public bool PointerIsBehind { get; init; }

    /// <summary>All damages.</summary>
    public IReadOnlyList<string> Damages => PointerDamage is null ? ManifestDamages : [.. ManifestDamages, PointerDamage];

    /// <summary>The damages if a run may be between its manifest and <c>latest.json</c>: then a pointer that is behind is not
    /// one.</summary>
    public IReadOnlyList<string> DamagesDuringRun => PointerIsBehind ? ManifestDamages : Damages;
}
