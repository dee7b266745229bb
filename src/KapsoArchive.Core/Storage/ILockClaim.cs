namespace KapsoArchive.Core.Storage;

/// <summary>The hold on a lock that a store granted, which runs out unless it is renewed.</summary>
internal interface ILockClaim
{
    /// <summary>How long it holds without being renewed.</summary>
    TimeSpan Term { get; }

    /// <summary>Makes it hold for another term.</summary>
    /// <returns>False where it is lost for good: somebody else has the lock, or may have it.</returns>
    /// <exception cref="StoreException">It cannot be told; another try may succeed.</exception>
    Task<bool> RenewAsync(CancellationToken cancellationToken);

    /// <summary>Gives the lock back, if it is still held.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
