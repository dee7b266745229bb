using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Archive;

/// <summary>The committed runs of a store, or its finished exports. Other files beside their manifests are ignored.</summary>
internal sealed class CommittedRuns(IStore store, RunKind kind = RunKind.Archive)
{
    public const string Folder = "_manifests/";

    /// <summary>What is wrong with a manifest that <see cref="IsSkipped"/>: the predicate of a sentence.</summary>
    public const string Skipped = "has an id that no later run id could follow, so it is skipped";

    /// <summary>Runs that <see cref="SelectAsync"/> reads at once. Most have nothing to say, and cost only round trips.</summary>
    private const int AtOnce = 8;

    private const string Extension = ".json";

    /// <inheritdoc cref="CommittedRun.Cache"/>
    public FileCache? Cache { get; init; }

    /// <summary>The area in which the files of such a run become visible.</summary>
    public static StoreArea AreaOf(RunKind kind) => kind == RunKind.Export ? StoreArea.Exports : StoreArea.Data;

    /// <summary>Path of a run's manifest. It depends only on the run's id, not on when the run began.</summary>
    public static StorePath PathOf(string runId, RunKind kind) => new(AreaOf(kind), NameOf(runId, kind));

    /// <summary>Path of the list of hashes in an export's folder.</summary>
    public static StorePath SumsOf(string exportId) => new(StoreArea.Exports, $"{exportId}/{RunLayout.Sums}");

    /// <summary>The run whose manifest is at this path of the data area; null if the path is not that of a manifest.</summary>
    public static string? IdOf(StorePath path) => IdIn(path.Name) is { } id && RunId.LeavesRoom(id) ? id : null;

    /// <summary>Whether a file of the data area is named like a manifest, but with an id that a run cannot have or follow.</summary>
    public static bool IsSkipped(string path) => IdIn(path) is { } id && RunId.IsOne(id) && !RunId.LeavesRoom(id);

    /// <summary>The ids with the paths of their manifests, oldest first.</summary>
    public async IAsyncEnumerable<(string RunId, StorePath Manifest)> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in store.ListAsync(AreaOf(kind), kind == RunKind.Export ? "" : Folder, cancellationToken))
        {
            if ((kind == RunKind.Export ? ExportOf(file.Path) : IdOf(file.Path)) is { } id)
                yield return (id, file.Path);
        }
    }

    /// <summary>The manifests, oldest run first, whether readable or not.</summary>
    /// <param name="upTo">The last run; null for the newest.</param>
    public async IAsyncEnumerable<StoredManifest> ReadAllAsync(
        string? upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((string runId, StorePath path) in ListAsync(cancellationToken))
        {
            if (upTo is not null && string.CompareOrdinal(runId, upTo) > 0)
                yield break;
            yield return await ReadListedAsync(runId, path, cancellationToken);
        }
    }

    /// <summary>The runs, oldest first, for a reader that needs every manifest.</summary>
    /// <param name="upTo">See <see cref="ReadAllAsync"/>.</param>
    /// <param name="comparesBytes">See <see cref="CommittedRun.ComparesBytes"/>.</param>
    /// <exception cref="DamagedFileException">A manifest is damaged, or was deleted meanwhile.</exception>
    public async IAsyncEnumerable<CommittedRun> ReadAsync(
        string? upTo, bool comparesBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredManifest stored in ReadAllAsync(upTo, cancellationToken))
            yield return RunOf(stored, comparesBytes);
    }

    /// <summary>Reads something of each run, several runs at once, and returns the results oldest run first.</summary>
    /// <param name="after">Only later runs; null for all.</param>
    /// <exception cref="DamagedFileException">A manifest is damaged, or was deleted meanwhile.</exception>
    public async IAsyncEnumerable<T> SelectAsync<T>(
        Func<CommittedRun, Task<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken, string? after = null)
    {
        Queue<Task<T>> ahead = [];
        try
        {
            await foreach ((string runId, StorePath path) in ListAsync(cancellationToken))
            {
                if (string.CompareOrdinal(runId, after) <= 0)
                    continue;
                ahead.Enqueue(ReadThisAsync(runId, path));
                if (ahead.Count == AtOnce)
                    yield return await ahead.Dequeue();
            }

            while (ahead.TryDequeue(out Task<T>? next))
                yield return await next;
        }
        finally
        {
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<T> ReadThisAsync(string runId, StorePath path) =>
            await read(RunOf(await ReadListedAsync(runId, path, cancellationToken)));
    }

    /// <summary>Whether a run has a manifest, whatever it says.</summary>
    public async Task<bool> HasManifestAsync(string runId, CancellationToken cancellationToken) =>
        StorePath.TryCreate(AreaOf(kind), NameOf(runId, kind)) is { } path && await store.ReadAsync(path, cancellationToken) is not null;

    /// <returns>The manifest of one run; null if the run is not committed.</returns>
    public async Task<StoredManifest?> FindAsync(string runId, CancellationToken cancellationToken) =>
        StorePath.TryCreate(AreaOf(kind), NameOf(runId, kind)) is { } path ? await ReadAsync(runId, path, cancellationToken) : null;

    /// <returns>The manifest of one run; null if the run is not committed, or if its manifest is damaged or only closes the run.</returns>
    public async Task<Manifest?> FindSnapshotAsync(string runId, CancellationToken cancellationToken) =>
        (await FindAsync(runId, cancellationToken))?.Manifest is { Status: not Manifest.Closed } manifest ? manifest : null;

    /// <returns>The manifest at a path; null if there is none.</returns>
    public async Task<StoredManifest?> ReadAsync(string runId, StorePath path, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(path, cancellationToken) is { } document ? StoredManifest.Of(runId, path, document) : null;
        }
        catch (RefusedFileException e)
        {
            return new StoredManifest(path.Name, runId, Sha256: "", Manifest: null, e.Problem);
        }
    }

    /// <summary>Whether a part is named by the manifest of the run that the part is named after.</summary>
    public async Task<bool> HasAsync(StorePath part, CancellationToken cancellationToken)
    {
        string name = part.Name[(part.Name.LastIndexOf('/') + 1)..];
        return (await FindAsync(name[..Math.Max(0, name.LastIndexOf('-'))], cancellationToken))?.Manifest is { } manifest
            && manifest.Files.Any(f => f.Path == part.Name);
    }

    private async Task<StoredManifest> ReadListedAsync(string runId, StorePath path, CancellationToken cancellationToken) =>
        await ReadAsync(runId, path, cancellationToken)
        ?? new StoredManifest(path.Name, runId, Sha256: "", Manifest: null, "was listed, but no longer exists");

    private CommittedRun RunOf(StoredManifest stored, bool comparesBytes = false) => stored.WhatIsWrong is { } problem
        ? throw new DamagedFileException(stored.Path, store.Location, [problem])
        : new CommittedRun(store, stored.RunId, stored.Manifest!, kind) { ComparesBytes = comparesBytes, Cache = Cache };

    private static string NameOf(string runId, RunKind kind)
    {
        var layout = new RunLayout(new RunStamp(runId, default), kind);
        return layout.Folder + layout.Manifest;
    }

    private static string? ExportOf(StorePath path) =>
        path.Name.Split('/') is [var id, RunLayout.ExportManifest] && RunId.IsOne(id) ? id : null;

    private static string? IdIn(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal)
            ? path[Folder.Length..^Extension.Length]
            : null;
}
