namespace KapsoArchive.Core.Storage.Folders;

/// <summary>A file opened without sharing, and a document that names the holder and shows that it is alive.</summary>
internal sealed class FolderLockClaim(FolderLocking locking, FileStream guard, LockDocument mine, TimeProvider timeProvider) : IClaim
{
    public TimeSpan Term => FolderLocking.Term;

    public Task<bool> RenewAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(guard.Name, async () =>
    {
        if (await locking.FindAsync(cancellationToken) is { Claim.Length: > 0 } found && found.Claim != mine.Claim)
            return false;
        await locking.ReplaceAsync(mine with { RenewedAt = timeProvider.GetUtcNow() }, cancellationToken);
        return true;
    });

    public Task ReleaseAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(guard.Name, async () =>
    {
        await using (guard)
        {
            if ((await locking.FindAsync(cancellationToken))?.Claim == mine.Claim)
                locking.Delete();
        }
    });
}
