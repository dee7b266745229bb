using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs;

/// <summary>The newest committed run, as its manifest has it.</summary>
/// <param name="Previous">What the manifest of the next run says of it; null before the first run.</param>
/// <param name="Pointer">What <c>latest.json</c> must say; null before the first run, and if neither document says when the run finished.</param>
/// <param name="Damages">What is wrong with <c>latest.json</c> or with a manifest, and what to do: one sentence each.</param>
internal sealed record NewestRun(ManifestPrevious? Previous, LatestPointer? Pointer, IReadOnlyList<string> Damages)
{
    public string? RunId => Previous?.RunId;

    /// <summary>Whether <c>latest.json</c> is missing or points at an earlier run, as it does for a moment after each commit.</summary>
    public bool PointerIsBehind { get; init; }
}
