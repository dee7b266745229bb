namespace KapsoArchive.Core.Storage;

/// <summary>Where a folder store keeps its areas, and what it keeps out of sight.</summary>
internal sealed class FolderLayout(string root)
{
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public string LockFile => Path.Combine(Root, StorePath.StateFolder, ".lock");

    private string Staging => Path.Combine(Root, StorePath.StateFolder, StorePath.StagingFolder);

    /// <summary>On the file system of the areas, so that documents are renamed into place. No stage starts with a dot.</summary>
    public string Temporary => Path.Combine(Staging, ".documents");

    public string Area(StoreArea area) => area switch
    {
        StoreArea.Data => Root,
        StoreArea.State => Path.Combine(Root, StorePath.StateFolder),
        StoreArea.Exports => Path.Combine(Root, StorePath.ExportsFolder),
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, "There is no such area."),
    };

    public string File(StorePath path) => Path.Combine(Area(path.Area), path.Name.Replace('/', Path.DirectorySeparatorChar));

    public string Stage(string stage)
    {
        StorePath.CheckSegment(stage);
        return Path.Combine(Staging, stage);
    }

    public string StagingFile(string stage, string attempt)
    {
        StorePath.CheckSegment(attempt);
        return Path.Combine(Stage(stage), attempt);
    }

    /// <summary>A new name for a document that is not whole yet.</summary>
    public string NewTemporaryFile() => Path.Combine(Temporary, Guid.NewGuid().ToString("N"));

    /// <summary>The visible files of an area whose names start with the prefix, in no order.</summary>
    public IEnumerable<StoredFile> Files(StoreArea area, string prefix)
    {
        string start = StorePath.FolderOf(area, prefix) is { } folder ? File(folder) : Area(area);
        return Walk(area, new DirectoryInfo(start))
            .Where(file => file.Path.Name.StartsWith(prefix, StringComparison.Ordinal));
    }

    private IEnumerable<StoredFile> Walk(StoreArea area, DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in Entries(folder).Where(entry => IsVisible(area, entry)))
        {
            if (entry is DirectoryInfo below)
            {
                foreach (StoredFile file in Walk(area, below))
                    yield return file;
            }
            else if (entry is FileInfo { Exists: true } file && StorePath.TryCreate(area, NameOf(area, entry)) is { } path)
            {
                yield return new StoredFile(path, file.Length); // Known since Exists was asked: it does not matter if the file is deleted now.
            }
        }
    }

    /// <summary>What a folder holds; nothing if it is deleted meanwhile.</summary>
    private static IReadOnlyList<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private bool IsVisible(StoreArea area, FileSystemInfo entry) =>
        entry.Name[0] != '.'
        && !IsAt(entry, Staging)
        && (area != StoreArea.Data || !(IsAt(entry, Area(StoreArea.State)) || IsAt(entry, Area(StoreArea.Exports))));

    private static bool IsAt(FileSystemInfo entry, string path) => string.Equals(entry.FullName, path, StringComparison.Ordinal);

    private string NameOf(StoreArea area, FileSystemInfo entry) =>
        Path.GetRelativePath(Area(area), entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
}
