namespace KapsoArchive.Core.Storage;

/// <summary>Something that lies in an area, whoever put it there and whatever its name.</summary>
/// <param name="Area">The area.</param>
/// <param name="Name">Its name within the area, with '/' between folders. Any text: escape it before it is printed.</param>
/// <param name="Length">Its size in bytes; 0 if it is no regular file.</param>
/// <param name="Oddity">What it is, as the predicate of a sentence ("is a named pipe"), if it is no regular file; else null.</param>
public sealed record StoredEntry(StoreArea Area, string Name, long Length, string? Oddity = null)
{
    /// <summary>Whether it is a folder whose content could not be listed.</summary>
    internal bool IsClosed { get; init; }

    /// <summary>Of all that lies in an area, what has a name that this program gives to files.</summary>
    /// <param name="entries">All of it.</param>
    /// <param name="location">The area's place.</param>
    /// <exception cref="StoreException">A folder cannot be listed, so that nobody knows which files it holds.</exception>
    internal static async IAsyncEnumerable<StoredFile> FilesAsync(IAsyncEnumerable<StoredEntry> entries, string location)
    {
        await foreach (StoredEntry entry in entries)
        {
            if (StorePath.TryCreate(entry.Area, entry.Name) is not { } path)
                continue;
            if (entry.IsClosed)
                throw new StoreException($"{path.Name} of {location} {entry.Oddity}: give the user '{Environment.UserName}' the permission to read it.");
            yield return new StoredFile(path, entry.Length);
        }
    }
}
