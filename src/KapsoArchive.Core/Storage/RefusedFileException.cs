namespace KapsoArchive.Core.Storage;

/// <summary>
/// Something lies in the place of a file that is not opened: a named pipe, a socket, a device, a folder, or a symbolic link that leads out of the store.
/// </summary>
public sealed class RefusedFileException : StoreException
{
    internal RefusedFileException(string path, string problem)
        : base($"{path} {problem}, so it is not opened. Move it away; if a file is missing then, restore it from a backup.")
    {
        Problem = problem;
    }

    /// <summary>What is wrong with it: the predicate of a sentence about the file.</summary>
    public string Problem { get; }
}
