namespace KapsoArchive.Core.Storage;

/// <summary>One writer at a time in a folder, across processes: an open file that shares with nobody. The system frees it when a process dies.</summary>
internal sealed class FolderLock(string path, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        long start = timeProvider.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } opened)
                return opened;
            if (timeProvider.GetElapsedTime(start) > Patience)
                throw new StoreException($"Another process has held {path} for {Patience.TotalSeconds:0} seconds: see what else writes to this folder.");
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    /// <summary>Opens a file so that nobody else can; null where somebody has.</summary>
    public static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows; anything else will not go away by waiting.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
