namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// Delivers runs to workers: an Azure Storage queue for a blob store, shared by several processes, or a channel within this process for a
/// folder. A message is delivered at least once, not always in order. Every method throws <see cref="Storage.StoreException"/> if the queue
/// cannot be reached.
/// </summary>
public interface IRunQueue
{
    /// <summary>Creates the queue if it is missing, and proves that it can be reached.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <param name="message">The work that is due.</param>
    /// <param name="delay">How long the message stays hidden; zero for immediate delivery, at most 7 days.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Waits for the next message. While a delivery is held, no other worker receives it.</summary>
    Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken);
}
