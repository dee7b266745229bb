namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Lists everything in an area of a folder store. Links are listed but not followed.</summary>
internal sealed class FolderWalk(FolderLayout layout, StoreArea area)
{
    /// <summary>Replaces bytes of a name that are not UTF-8. .NET cannot turn such a name back into a path.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>Lists in any order. Entries deleted in the meantime may be missing, or all entries if the folder itself is
    /// deleted.</summary>
    public IReadOnlyList<StoredEntry> Below(DirectoryInfo folder)
    {
        try
        {
            return [.. EntriesOf(folder)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private IEnumerable<StoredEntry> EntriesOf(DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (layout.IsElsewhere(area, entry))
                continue;
            if (entry is DirectoryInfo below && !IsLink(entry))
            {
                foreach (StoredEntry found in Within(below))
                    yield return found;
            }
            else if (Describe(entry) is { } found)
            {
                yield return found;
            }
        }
    }

    private IEnumerable<StoredEntry> Within(DirectoryInfo folder)
    {
        try
        {
            return [.. EntriesOf(folder)];
        }
        catch (UnauthorizedAccessException)
        {
            return [Entry(folder, "is a folder that cannot be listed") with { IsClosed = true }];
        }
        catch (DirectoryNotFoundException)
        {
            return folder.Name.Contains(Replacement)
                ? [Entry(folder, "is a folder whose name is not valid text") with { IsClosed = true }]
                : [];
        }
    }

    /// <summary>Null if the entry was deleted in the meantime.</summary>
    private StoredEntry? Describe(FileSystemInfo entry)
    {
        if (IsLink(entry))
            return Entry(entry, FileKinds.Oddity(FileKind.Link));
        if (UnixFile.IsSupported && UnixFile.KindOf(entry.FullName) is not (null or FileKind.File) and { } kind)
            return Entry(entry, FileKinds.Oddity(kind));
        try
        {
            return Entry(entry, oddity: null) with { Length = ((FileInfo)entry).Length };
        }
        catch (FileNotFoundException)
        {
            return entry.Name.Contains(Replacement) ? Entry(entry, "has a name that is not valid text") : null;
        }
    }

    private StoredEntry Entry(FileSystemInfo entry, string? oddity) => new(area, layout.NameOf(area, entry), Length: 0, oddity);

    // If an entry was deleted in the meantime, all its attribute flags are set.
    private static bool IsLink(FileSystemInfo entry) =>
        entry.Attributes is not (FileAttributes)(-1) and var attributes && attributes.HasFlag(FileAttributes.ReparsePoint);
}
