using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Finds unfinished runs and exports, and queues them: when a program starts, and in case a message was lost.</summary>
public sealed class UnfinishedRuns(IStore store, IRunQueue queue, ILogger<UnfinishedRuns> log)
{
    /// <summary>Queues runs and exports.</summary>
    /// <inheritdoc cref="QueueAsync"/>
    public async Task<int> QueueAllAsync(CancellationToken cancellationToken) =>
        await QueueAsync(RunKind.Archive, cancellationToken) + await QueueAsync(RunKind.Export, cancellationToken);

    /// <returns>Number of queued runs.</returns>
    /// <exception cref="StoreException">The store or the queue failed.</exception>
    public async Task<int> QueueAsync(RunKind kind, CancellationToken cancellationToken)
    {
        int queued = 0;
        foreach (string runId in await RunJournal.UnfinishedAsync(store, kind, cancellationToken))
        {
            await queue.SendAsync(new RunMessage(runId, kind), TimeSpan.Zero, cancellationToken);
            queued++;
        }

        if (queued > 0)
            DispatchLogs.TakenUp(log, queued);
        return queued;
    }
}
