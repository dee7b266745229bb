namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Opens files for reading, and nothing else: no named pipe, socket or device, and no folder.</summary>
internal static class RegularFile
{
    /// <summary>Never waits, whatever lies at the path, also if it is replaced in this moment.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="RefusedFileException">Something else lies there.</exception>
    public static FileStream? TryOpen(string path)
    {
        if (!UnixFile.IsSupported)
            return TryOpenPlainly(path);
        if (UnixFile.TryOpen(path) is not { } handle)
            return null;
        try
        {
            if (FileKinds.Oddity(UnixFile.KindOf(handle)) is { } oddity)
                throw new RefusedFileException(path, oddity);
            return new FileStream(handle, FileAccess.Read, bufferSize: 4096, isAsync: handle.IsAsync);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static FileStream? TryOpenPlainly(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new RefusedFileException(path, FileKinds.Oddity(FileKind.Folder)!);

            // Sharing deletion lets Windows replace a document while it is read, as other systems do anyway.
            return new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
