namespace KapsoArchive.Core.Storage.Queues;

/// <summary>A message of a storage queue in hand. It is at-least-once: where it was lost in the meantime, ending it does nothing, and it comes again.</summary>
internal sealed class StorageRunDelivery(RunMessage? message, int attempt, QueueMessageClaim claim, HeldClaim held) : RunDelivery(message, attempt)
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
