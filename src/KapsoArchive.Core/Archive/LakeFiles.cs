using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Archive;

/// <summary>The files that committed runs name, without those behind messages; those of Parquet on this machine: for an engine that opens
/// files itself.</summary>
/// <param name="Snapshot">The newest committed run.</param>
/// <param name="RunsWithoutParquet">Number of runs whose messages exist as JSONL only.</param>
public sealed record LakeFiles(string Snapshot, IReadOnlyList<LakeFile> Files, int RunsWithoutParquet)
{
    private static readonly string[] Names = [Datasets.Messages.Name, Datasets.Conversations.Name, Datasets.Media.Name];

    /// <param name="cache">Where copies of a container's files are kept; null for a folder.</param>
    /// <exception cref="SettingException">There is no archive, or the cache is too small.</exception>
    /// <exception cref="StoreException">The store or the cache cannot be read, or a file is missing or damaged.</exception>
    public static async Task<LakeFiles> ReadAsync(IStore store, FileCache? cache, CancellationToken cancellationToken)
    {
        await ArchivePresence.CheckAsync(store, cancellationToken);
        try
        {
            List<CommittedRun> runs = await new CommittedRuns(store) { Cache = cache }
                .ReadAsync(upTo: null, comparesBytes: false, cancellationToken).ToListAsync(cancellationToken);
            cache?.CheckRoom(runs.SelectMany(r => r.Manifest.Files).Where(IsRead).Sum(f => f.Bytes));
            List<LakeFile> files = [];
            foreach (CommittedRun run in runs)
            {
                foreach (ManifestFile file in run.Manifest.Files.Where(f => f.Dataset != Datasets.MediaFiles))
                {
                    string? path = IsRead(file) ? await run.LocalPathAsync(file, cancellationToken) : null;
                    files.Add(new LakeFile(run.RunId, file.Dataset, file.Path, path));
                }
            }

            return new LakeFiles(runs[^1].RunId, files, runs.Count(HasOnlyLines));
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }
    }

    private static bool IsRead(ManifestFile file) => Names.Contains(file.Dataset);

    private static bool HasOnlyLines(CommittedRun run) => run.MessageParts.Any(part => part.Dataset == Datasets.MessagesJsonl);
}
