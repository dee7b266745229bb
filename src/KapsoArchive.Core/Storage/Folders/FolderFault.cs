namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Turns file system errors into a sentence that names the path and the fix.</summary>
internal static class FolderFault
{
    // HResult holds errno on Unix and a system error code on Windows: no space, quota exceeded.
    private const int NoSpaceUnix = 28;
    private const int QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    public static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <param name="exception">The error from the file system.</param>
    /// <param name="needed">Bytes to be written; 0 for other operations.</param>
    public static StoreException Explain(Exception exception, string path, long needed = 0) =>
        new(Sentence(exception, path, needed), exception);

    /// <param name="path">As in <see cref="Explain"/>.</param>
    /// <param name="action">The operation.</param>
    /// <param name="needed">Returns the bytes to be written; null for other operations.</param>
    public static async Task<T> ExplainAsync<T>(string path, Func<Task<T>> action, Func<long>? needed = null)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (Explains(exception))
        {
            throw Explain(exception, path, needed?.Invoke() ?? 0);
        }
    }

    public static async Task ExplainAsync(string path, Func<Task> action, Func<long>? needed = null) => await ExplainAsync(
        path,
        async () =>
        {
            await action();
            return true;
        },
        needed);

    private static string Sentence(Exception exception, string path, long needed)
    {
        if (exception.HResult is NoSpaceUnix or QuotaLinux or DiskFullWindows)
            return $"There is no space left for {path}{Lack(path, needed)}: free some space, or choose another folder.";
        if (IsTooLarge(exception))
            return $"The limit on file sizes is too low for {path}{Lack(path, needed)}: raise it (`ulimit -f`), or choose another folder.";
        if (FileAmongParents(path) is { } file)
            return $"{file} is a file, so {path} cannot be below it: choose another folder.";
        if (exception is UnauthorizedAccessException)
            return $"{path} cannot be written or read: give the user '{Environment.UserName}' the permission, or choose another folder.";
        return $"{path} cannot be written or read: {exception.Message}";
    }

    // .NET's file streams throw this for EFBIG.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>The required and the free space, for a sentence.</summary>
    private static string Lack(string path, long needed) => needed == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $", which needs {needed:N0} bytes more{(Free(path) is { } free ? $" while {free:N0} bytes are free" : "")}");

    /// <returns>Null if the system does not report it.</returns>
    private static long? Free(string path)
    {
        try
        {
            string? folder = path;
            while (folder is not null && !Directory.Exists(folder))
                folder = Path.GetDirectoryName(folder);
            return folder is null ? null : new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (Explains(exception) || exception is ArgumentException)
        {
            return null;
        }
    }

    private static string? FileAmongParents(string path)
    {
        for (string? parent = Path.GetDirectoryName(path); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
                return parent;
        }
        return null;
    }
}
