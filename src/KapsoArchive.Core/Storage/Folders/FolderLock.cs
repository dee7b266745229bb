namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Allows one writer at a time in a folder, across processes, through a file opened without sharing. The system releases it when a
/// process dies.</summary>
internal sealed class FolderLock(string path, FolderModes modes, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken) => await TryAcquireAsync(cancellationToken)
        ?? throw new StoreException(
            $"Another process has held {path} for {Patience.TotalSeconds:0} seconds: see what else writes to this folder (fuser '{path}' "
                + "names it), and end it if it is suspended.");

    /// <returns>Null if another process held it for 30 seconds. Unless suspended, a process holds it for milliseconds only.</returns>
    public async Task<IDisposable?> TryAcquireAsync(CancellationToken cancellationToken)
    {
        modes.CreateParent(StoreArea.State, path);
        long start = timeProvider.GetTimestamp();
        do
        {
            if (TryOpen(path) is { } opened)
                return opened;
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
        while (timeProvider.GetElapsedTime(start) <= Patience);
        return null;
    }

    /// <summary>Deletes the lock file of a suspended process, so that a new file takes its place. The process keeps the old one, which
    /// blocks no other.</summary>
    public void Replace() => File.Delete(path);

    /// <summary>Opens a file exclusively; null if another process has opened it.</summary>
    /// <exception cref="StoreException">The path holds a link or another kind of object, so a write could land elsewhere.</exception>
    public static FileStream? TryOpen(string path)
    {
        try
        {
            if (FolderLinks.IsLink(path))
                throw NotPlain(path);
            FileStream opened = new(path, Options());
            if (opened.CanSeek && !FolderLinks.IsLink(path))
                return opened;
            opened.Dispose();
            throw NotPlain(path);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>Proves that a file opened this way cannot be opened a second time.</summary>
    /// <exception cref="StoreException">It can be: locks cannot keep two writers apart here.</exception>
    public static void CheckEnforced(string path)
    {
        using FileStream? first = TryOpen(path);
        CheckHeld(path);
    }

    /// <summary>Same as <see cref="CheckEnforced"/>, for a file that this process has opened already.</summary>
    public static void CheckHeld(string path)
    {
        using FileStream? second = TryOpen(path);
        if (second is not null)
        {
            throw new StoreException(
                $"The file system of {Path.GetDirectoryName(path)} does not lock files, so two writers could corrupt the archive: choose a "
                + "local folder or a blob container, "
                + "or mount it with locks (NFS without nolock, SMB without nobrl; DOTNET_SYSTEM_IO_DISABLEFILELOCKING must not be set).");
        }
    }

    private static FileStreamOptions Options()
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static StoreException NotPlain(string path) =>
        new($"{path} is a link or not a file, and writing to it could change another file: find out who made it, then type: rm '{path}'");

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows. Other errors do not pass by waiting.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
