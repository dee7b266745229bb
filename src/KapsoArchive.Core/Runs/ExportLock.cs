using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Prevents an export from being executed twice at once if its message is delivered twice or its process is only slow.</summary>
internal static class ExportLock
{
    public static Task<StoreLock> TakeAsync(IStore store, string exportId, string trigger, CancellationToken cancellationToken) =>
        store.LockAsync(PathOf(exportId), $"an export started by {trigger}", cancellationToken);

    /// <summary>Deletes the lock and the claims of an export that has ended. Nobody takes it any more.</summary>
    public static async Task ForgetAsync(IStore store, string exportId)
    {
        try
        {
            if (await new RunJournal(store, exportId, RunKind.Export).ExistsAsync(CancellationToken.None))
                return; // Another writer has taken the export over, or will.
            await RunClaims.ForgetAsync(store, exportId);
            await store.DeleteAsync(PathOf(exportId), CancellationToken.None);
        }
        catch (StoreException)
        {
            // Another process is checking for more to do just now, or the store is gone. What stays is empty.
        }
    }

    private static StorePath PathOf(string exportId) => new(StoreArea.State, $"export-locks/{exportId}");
}
