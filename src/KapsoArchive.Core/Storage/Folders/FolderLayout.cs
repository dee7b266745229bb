namespace KapsoArchive.Core.Storage.Folders;

/// <summary>The layout of a folder store: its areas and its hidden files.</summary>
internal sealed class FolderLayout(string root)
{
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public FolderLinks Links => new(Root);

    public string LockFile => Path.Combine(Root, StorePath.StateFolder, ".lock");

    public string Manifests => Path.Combine(Root, StorePath.ManifestsFolder);

    private string Staging => Path.Combine(Root, StorePath.StateFolder, StorePath.StagingFolder);

    /// <summary>Temporary documents. The folder is on the areas' file system, so that documents can be renamed into place. Stage names
    /// never start with a dot.</summary>
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

    /// <summary>A new name for an incomplete document.</summary>
    public string NewTemporaryFile() => Path.Combine(Temporary, Guid.NewGuid().ToString("N"));

    /// <summary>The folder below the root that links on the way to a file must not leave: the export that the file belongs to.</summary>
    public static string ReachOf(StorePath path) =>
        path.Area == StoreArea.Exports ? Path.Combine(StorePath.ExportsFolder, path.Name.Split('/')[0]) : "";

    /// <summary>Refuses links in place of the areas or the staging folder: private files would land in a folder with unknown
    /// permissions.</summary>
    /// <exception cref="StoreException">An area or the staging folder is a link.</exception>
    public void CheckLinks()
    {
        foreach (string folder in (string[])[Area(StoreArea.State), Area(StoreArea.Exports), Staging, Temporary])
        {
            if (new DirectoryInfo(folder).LinkTarget is { } target)
                throw new StoreException(
                    $"{folder} is a link to {target}: replace it with a folder, or choose another folder for the archive.");
        }
    }

    /// <summary>All entries of an area whose names start with the prefix, in any order.</summary>
    public IEnumerable<StoredEntry> Entries(StoreArea area, string prefix)
    {
        string start = StorePath.FolderOf(area, prefix) is { } folder ? File(folder) : Area(area);
        Links.Check(start);
        return new FolderWalk(this, area).Below(new DirectoryInfo(start))
            .Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Whether the entry belongs to another area or is hidden.</summary>
    public bool IsElsewhere(StoreArea area, FileSystemInfo entry) =>
        IsAt(entry, Staging) || (area == StoreArea.Data && (IsAt(entry, Area(StoreArea.State)) || IsAt(entry, Area(StoreArea.Exports))));

    /// <summary>The entry's name within the area.</summary>
    public string NameOf(StoreArea area, FileSystemInfo entry) =>
        Path.GetRelativePath(Area(area), entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsAt(FileSystemInfo entry, string path) => string.Equals(entry.FullName, path, StringComparison.Ordinal);
}
