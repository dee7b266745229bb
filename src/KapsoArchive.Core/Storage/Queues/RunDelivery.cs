namespace KapsoArchive.Core.Storage.Queues;

/// <summary>
/// A received message. If disposed without <see cref="CompleteAsync"/>, it is delivered again at once; if its holder dies, after a minute
/// or two.
/// </summary>
public abstract class RunDelivery(RunMessage? message, int attempt) : IAsyncDisposable
{
    /// <summary>Null if the content of the queue message is not valid.</summary>
    public RunMessage? Message => message;

    /// <summary>Delivery count of this message; the first is 1.</summary>
    public int Attempt => attempt;

    /// <summary>Cancelled when the message could not be kept. Another worker may have it, so work on it must stop.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>Removes the message from the queue.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Returns the message to the queue for another delivery.</summary>
    /// <param name="delay">The minimum wait before that delivery.</param>
    /// <param name="cancellationToken">Cancels the operation. The message then returns by itself.</param>
    public abstract Task RetryAsync(TimeSpan delay, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
