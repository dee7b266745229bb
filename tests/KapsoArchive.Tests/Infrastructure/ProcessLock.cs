namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Keeps two test programs from installing or publishing the same thing at once.</summary>
internal static class ProcessLock
{
    /// <summary>Waits while another process holds the lock: the system frees the file when that one ends.</summary>
    /// <param name="name">The file's name below <c>artifacts</c>, without its extension.</param>
    public static async Task<FileStream> TakeAsync(string name)
    {
        string path = Repository.File("artifacts", $"{name}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020)) // On Linux, macOS and Windows: somebody has it.
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
