namespace KapsoArchive.Core.Storage;

/// <summary>Turns what the file system says into a sentence that names the place and the fix.</summary>
internal static class FolderFault
{
    // Unix reports errno in HResult, Windows a system error code: no space, quota exceeded.
    private const int NoSpaceUnix = 28;
    private const int QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    public static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static StoreException Explain(Exception exception, string path) => new(Sentence(exception, path), exception);

    public static async Task<T> ExplainAsync<T>(string path, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (Explains(exception))
        {
            throw Explain(exception, path);
        }
    }

    public static async Task ExplainAsync(string path, Func<Task> action) => await ExplainAsync(path, async () =>
    {
        await action();
        return true;
    });

    private static string Sentence(Exception exception, string path)
    {
        if (exception.HResult is NoSpaceUnix or QuotaLinux or DiskFullWindows)
            return $"There is no space left for {path}: free some, or choose another folder.";
        if (FileAmongParents(path) is { } file)
            return $"{file} is a file, so {path} cannot be below it: choose another folder.";
        if (exception is UnauthorizedAccessException)
            return $"{path} cannot be written or read: give the user '{Environment.UserName}' the permission, or choose another folder.";
        return $"{path} cannot be written or read: {exception.Message}";
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
