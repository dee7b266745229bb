using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;

namespace KapsoArchive.Tests.Runs.Queue;

/// <summary>A real delivery that can be lost, or whose queue cannot be told what became of it.</summary>
internal sealed class TroubledDelivery(RunDelivery inner, bool canSettle, CancellationToken lost) : RunDelivery(inner.Message, inner.Attempt)
{
    public override CancellationToken Lost => lost;

    public override Task CompleteAsync(CancellationToken cancellationToken) =>
        canSettle ? inner.CompleteAsync(cancellationToken) : throw new StoreException("The queue is gone, as the test wants it.");

    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellationToken) => inner.RetryAsync(delay, cancellationToken);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
