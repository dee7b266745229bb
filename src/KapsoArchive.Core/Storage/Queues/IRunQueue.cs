namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// Brings runs to whoever has time for them: an Azure Storage queue beside a blob store, which several processes share, or a channel within this process beside a folder. A message is
/// delivered at least once, not always in order. Every method throws <see cref="Storage.StoreException"/> where the queue cannot be reached.
/// </summary>
public interface IRunQueue
{
    /// <summary>Creates the queue where it is missing, and proves that it can be reached.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <param name="message">What is due.</param>
    /// <param name="delay">How long nobody is to see it; zero for at once, 7 days at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Waits for the next message. While the delivery is held, nobody else gets it.</summary>
    Task<RunDelivery> ReceiveAsync(CancellationToken cancellationToken);
}
