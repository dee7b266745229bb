namespace KapsoArchive.Core.Storage;

/// <summary>The path holds an object that must not be opened as a file: a named pipe, a socket, a device, a folder, or a symbolic link that
/// leads out of the store.</summary>
public sealed class RefusedFileException(string path, string problem)
    : StoreException($"{path} {problem}, so it is not opened. Move it away; if a file is missing then, restore it from a backup.")
{
    /// <summary>The problem, as the predicate of a sentence about the file.</summary>
    public string Problem => problem;
}
