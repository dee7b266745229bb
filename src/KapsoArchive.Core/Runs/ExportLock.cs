using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Keeps an export from being carried out twice at a time, where its message is delivered twice or its process is only slow.</summary>
internal static class ExportLock
{
    public static Task<StoreLock> TakeAsync(IStore store, string exportId, string trigger, CancellationToken cancellationToken) =>
        store.LockAsync(PathOf(exportId), $"an export started by {trigger}", cancellationToken);

    /// <summary>Clears the lock's place away when the export is over: nobody takes it any more.</summary>
    public static async Task ForgetAsync(IStore store, string exportId)
    {
        try
        {
            await store.DeleteAsync(PathOf(exportId), CancellationToken.None);
        }
        catch (StoreException)
        {
            // Somebody looks for more to do just now, or the store is gone. What stays is empty.
        }
    }

    private static StorePath PathOf(string exportId) => new(StoreArea.State, $"export-locks/{exportId}");
}
