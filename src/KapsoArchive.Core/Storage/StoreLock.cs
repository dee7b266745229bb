namespace KapsoArchive.Core.Storage;

/// <summary>
/// A store's lock, held: renewed every third of its term by a loop of its own until it is disposed, which frees it at once. Disposing never throws.
/// </summary>
public sealed class StoreLock : IAsyncDisposable
{
    private readonly HeldClaim _held;

    /// <param name="claim">What was granted.</param>
    /// <param name="holder">Who holds it: this process.</param>
    /// <param name="asked">The timestamp before the claim was asked for: its term began after that.</param>
    /// <param name="timeProvider">The clock of the term.</param>
    internal StoreLock(IClaim claim, LockHolder holder, long asked, TimeProvider timeProvider)
    {
        Holder = holder;
        _held = new HeldClaim(claim, asked, timeProvider);
    }

    /// <summary>This process, as others see it.</summary>
    public LockHolder Holder { get; }

    /// <summary>
    /// Cancelled when the lock could not be kept: then somebody else may hold it, and what it protects must not be written any more. A process that was
    /// suspended learns it at its next renewal.
    /// </summary>
    public CancellationToken Lost => _held.Lost;

    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
