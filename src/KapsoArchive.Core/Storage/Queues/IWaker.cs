namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Wakes a worker: within this process for <c>serve</c>, by an Azure Storage queue for a function app. The store says what is left
/// to do, so a wake-up may arrive late, twice or never. Every method throws <see cref="StoreException"/> if the queue cannot be
/// reached.</summary>
public interface IWaker
{
    /// <summary>Creates the queue if it is missing, and proves that it can be reached.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <param name="message">The work that a worker should look at first.</param>
    /// <param name="delay">How long the message stays hidden; zero for immediate delivery, at most 7 days.</param>
    Task WakeAsync(RunMessage message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Reports to the operator that a run was given up.</summary>
    Task ReportGivenUpAsync(RunMessage message, CancellationToken cancellationToken);
}
