namespace KapsoArchive.Core.Storage.Queues;

/// <summary>A message in hand. Disposed without <see cref="CompleteAsync"/>, it comes again at once; its holder dead, it comes again after a minute or two.</summary>
public abstract class RunDelivery(RunMessage? message, int attempt) : IAsyncDisposable
{
    /// <summary>Null where what stood in the queue is no such message.</summary>
    public RunMessage? Message => message;

    /// <summary>The how-manieth delivery of this message this is, from 1.</summary>
    public int Attempt => attempt;

    /// <summary>Cancelled where the message could not be kept in hand: then somebody else may have it, and the work on it is to stop.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>The message is done with.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Gives the message back, to be delivered again.</summary>
    /// <param name="delay">Not before then.</param>
    /// <param name="cancellationToken">Gives up; then it comes by itself.</param>
    public abstract Task RetryAsync(TimeSpan delay, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
