using System.Runtime.CompilerServices;
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
}
