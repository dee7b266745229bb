namespace KapsoArchive.Core.Storage.Folders;

/// <summary>A file opened without sharing, and a document that names the holder and shows that it is alive.</summary>
internal sealed class FolderLockClaim(FolderLocking locking, FileStream guard, LockDocument mine, TimeProvider timeProvider) : IClaim
{
    public TimeSpan Term => FolderLocking.Term;

    public Task<bool> RenewAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(guard.Name, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (locking.Find() is { Claim.Length: > 0 } found && found.Claim != mine.Claim)
            return Task.FromResult(false);
        locking.Replace(mine with { RenewedAt = timeProvider.GetUtcNow() });
        return Task.FromResult(true);
    });

    public Task ReleaseAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(guard.Name, () =>
    {
        using (guard)
        {
            if (locking.Find()?.Claim == mine.Claim)
                locking.Delete();
        }

        return Task.CompletedTask;
    });
}
