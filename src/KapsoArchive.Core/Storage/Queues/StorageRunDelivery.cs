namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// A received message of a storage queue. Delivery is at least once: if the hold was lost, completing it does nothing and the message
/// returns.
/// </summary>
internal sealed class StorageRunDelivery(RunMessage? message, int attempt, QueueMessageClaim claim, HeldClaim held)
    : RunDelivery(message, attempt)
{
    public override CancellationToken Lost => held.Lost;

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await held.StopAsync();
        await claim.DeleteAsync(cancellationToken);
    }

    public override async Task RetryAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await held.StopAsync();
        await claim.HideAsync(StorageRunQueue.WholeSeconds(delay), cancellationToken);
    }

    public override ValueTask DisposeAsync() => held.DisposeAsync();
}
