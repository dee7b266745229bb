using System.Runtime.CompilerServices;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Archive;

/// <summary>Lists the manifests of a store. Other files in their folder are ignored.</summary>
internal static class CommittedRuns
{
    public const string Folder = "_manifests/";

    /// <summary>What is wrong with a manifest that <see cref="IsSkipped"/>: the predicate of a sentence.</summary>
    public const string Skipped = "has an id that leaves no room for the runs after it, so it is skipped";

    private const string Extension = ".json";

    /// <summary>The ids of all committed runs with the paths of their manifests, oldest first.</summary>
    public static async IAsyncEnumerable<(string RunId, StorePath Manifest)> ListAsync(
        IStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, Folder, cancellationToken))
        {
            if (IdOf(file.Path) is { } id)
                yield return (id, file.Path);
        }
    }

    /// <summary>Whether a part is named by the manifest of the run that the part is named after.</summary>
    public static async Task<bool> HasAsync(IStore store, StorePath part, CancellationToken cancellationToken)
    {
        string name = part.Name[(part.Name.LastIndexOf('/') + 1)..];
        string runId = name[..Math.Max(0, name.LastIndexOf('-'))];
        return StorePath.TryCreate(StoreArea.Data, Layout.Manifest(runId)) is { } path
            && (await StoredManifest.ReadAsync(store, runId, path, cancellationToken))?.Manifest is { } manifest
            && manifest.Files.Any(f => f.Path == part.Name);
    }

    /// <summary>The run whose manifest is at this path of the data area; null if the path is not that of a manifest.</summary>
    public static string? IdOf(StorePath path) => NameOf(path.Name) is { } name && RunId.LeavesRoom(name) ? name : null;

    /// <summary>Whether a file of the data area is named like a manifest, but with an id that a run cannot have or follow.</summary>
    public static bool IsSkipped(string path) => NameOf(path) is { } name && RunId.IsOne(name) && !RunId.LeavesRoom(name);

    private static string? NameOf(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal)
            ? path[Folder.Length..^Extension.Length]
            : null;
}
