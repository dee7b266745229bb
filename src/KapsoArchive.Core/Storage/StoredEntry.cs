namespace KapsoArchive.Core.Storage;

/// <summary>An entry of an area, whoever created it and whatever its name.</summary>
/// <param name="Area">The area.</param>
/// <param name="Name">Its name within the area, with '/' between folders. Any text: escape it before printing.</param>
/// <param name="Length">Its size in bytes; 0 unless it is a regular file.</param>
/// <param name="Oddity">Its kind, as the predicate of a sentence ("is a named pipe"); null for a regular file.</param>
public sealed record StoredEntry(StoreArea Area, string Name, long Length, string? Oddity = null)
{
    /// <summary>Whether it is a folder that cannot be listed.</summary>
    internal bool IsClosed { get; init; }

    /// <summary>Filters an area's entries for files with names that this program uses.</summary>
    /// <param name="entries">All entries of the area.</param>
    /// <param name="location">The area's location.</param>
    /// <exception cref="StoreException">A folder cannot be listed, so its files are unknown.</exception>
    internal static async IAsyncEnumerable<StoredFile> FilesAsync(IAsyncEnumerable<StoredEntry> entries, string location)
    {
        await foreach (StoredEntry entry in entries)
        {
            if (StorePath.TryCreate(entry.Area, entry.Name) is not { } path)
                continue;
            if (entry.IsClosed)
                throw new StoreException(
                    $"{path.Name} of {location} {entry.Oddity}: give the user '{Environment.UserName}' the permission to read it.");
            yield return new StoredFile(path, entry.Length);
        }
    }
}
