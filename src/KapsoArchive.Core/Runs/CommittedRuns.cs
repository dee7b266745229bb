using System.Runtime.CompilerServices;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Verification;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Lists the manifests of a store. What else somebody put into their folder is none.</summary>
internal static class CommittedRuns
{
    public const string Folder = "_manifests/";

    private const string Extension = ".json";

    /// <summary>The ids of all committed runs with the places of their manifests, oldest first.</summary>
    public static async IAsyncEnumerable<(string RunId, StorePath Manifest)> ListAsync(IStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in store.ListAsync(StoreArea.Data, Folder, cancellationToken))
        {
            string name = file.Path.Name[Folder.Length..];
            if (name.EndsWith(Extension, StringComparison.Ordinal) && !name.Contains('/'))
                yield return (name[..^Extension.Length], file.Path);
        }
    }

    /// <summary>Whether the manifest of the run that a part is named after names the part.</summary>
    public static async Task<bool> HasAsync(IStore store, StorePath part, CancellationToken cancellationToken)
    {
        string name = part.Name[(part.Name.LastIndexOf('/') + 1)..];
        string runId = name[..Math.Max(0, name.LastIndexOf('-'))];
        return StorePath.TryCreate(StoreArea.Data, Layout.Manifest(runId)) is { } path
            && await store.ReadAsync(path, cancellationToken) is { } document
            && StoredManifest.Of(runId, path, document).Manifest is { } manifest
            && manifest.Files.Any(f => f.Path == part.Name);
    }
}
