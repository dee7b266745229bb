using KapsoArchive.Core.Journal.Claims;

namespace KapsoArchive.Core.Runs;

/// <summary>The right of this process to write an archive, or one export: its lock, and the claims that the lock protects.</summary>
internal sealed class WriterLock
{
    private WriterLock(RunClaims claims, CancellationToken interruption, CancellationToken lost) =>
        (Claims, Interruption, Lost) = (claims, interruption, lost);

    public RunClaims Claims { get; }

    /// <summary>Cancelled when the caller interrupts the work, and when the lock is lost.</summary>
    public CancellationToken Interruption { get; }

    /// <summary>Cancelled when this process no longer owns what it writes: nothing more may be written.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Does the work while it holds the lock.</summary>
    /// <param name="store">The store of the archive or export.</param>
    /// <param name="time">The clock of the claims.</param>
    /// <param name="exportId">The export; null for the archive. The lock prevents an export from being executed twice at once if its
    /// process is only slow.</param>
    /// <param name="trigger">What started the work; null while the next run is only determined.</param>
    /// <param name="abandoned">After the interruption: ends the work at once, as if the lock were lost. What the journal does not hold yet
    /// is read again.</param>
    /// <exception cref="SettingException">The archive is a copy that nobody took over.</exception>
    /// <exception cref="StoreLockedException">Another process holds the lock.</exception>
    /// <exception cref="StoreException">The store failed, or the lock could not be kept.</exception>
    public static async Task<T> HoldAsync<T>(
        IStore store, TimeProvider time, string? exportId, string? trigger, Func<WriterLock, Task<T>> work,
        CancellationToken interruption, CancellationToken abandoned = default)
    {
        (StorePath path, string purpose) = exportId is not null
            ? (PathOf(exportId), $"an export started by {trigger}")
            : (ArchiveLock.Path, trigger is null ? ArchiveLock.Start : ArchiveLock.Run(trigger));
        await using StoreLock held = await store.LockAsync(path, purpose, interruption);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, abandoned);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interruption, lost.Token);
        try
        {
            if (exportId is null)
                await CopyMark.RefuseAsync(store, either.Token);
            return await work(new WriterLock(RunClaims.Of(store, held, time, exportId), either.Token, lost.Token));
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !interruption.IsCancellationRequested)
        {
            throw new StoreException(
                $"The lock of {store.Location} was lost, so the run was stopped: another process may continue it. "
                    + "See `kapso-archive status`.", e);
        }
    }

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
