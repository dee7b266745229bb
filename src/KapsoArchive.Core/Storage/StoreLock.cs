namespace KapsoArchive.Core.Storage;

/// <summary>
/// A held lock of a store. It is renewed every third of its term. Disposing it releases the lock at once and never throws.
/// </summary>
public sealed class StoreLock : IAsyncDisposable
{
    private readonly HeldClaim _held;

    /// <param name="claim">The claim that was granted.</param>
    /// <param name="holder">The holder: this process.</param>
    /// <param name="asked">The timestamp before the claim was requested. Its term began later.</param>
    /// <param name="timeProvider">The clock of the term.</param>
    internal StoreLock(IClaim claim, LockHolder holder, long asked, TimeProvider timeProvider)
    {
        Holder = holder;
        _held = new HeldClaim(claim, asked, timeProvider);
    }

    /// <summary>This process, as others see it.</summary>
    public LockHolder Holder { get; }

    /// <summary>
    /// Cancelled when the lock could not be kept. Another holder may have it, so what it protects must not be written any more. A suspended
    /// process notices at its next renewal.
    /// </summary>
    public CancellationToken Lost => _held.Lost;

    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
