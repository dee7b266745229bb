namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Opens regular files for reading. Refuses named pipes, sockets, devices and folders.</summary>
internal static class RegularFile
{
    /// <summary>Never blocks, whatever the path holds, even if it is replaced during the call.</summary>
    /// <returns>Null if the file does not exist.</returns>
    /// <exception cref="RefusedFileException">The path holds something other than a regular file.</exception>
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

            // Sharing deletion lets Windows replace a document while it is read, as other systems always do.
            return new FileStream(
                path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
