using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>What happens when the nightly run is due, whoever kept the time.</summary>
public sealed class NightlyTimer(NightlyDesk desk, UnfinishedRuns unfinished, ILogger<NightlyTimer> log)
{
    /// <summary>Begins the nightly run, or joins the one that is under way; and queues once more what lies unfinished, because a message may have been lost.</summary>
    /// <param name="isLate">It was due earlier, while nobody kept the time. However many nights that were, it is begun once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    /// <exception cref="Storage.StoreException">The store or the queue failed: call it again.</exception>
    public async Task DueAsync(bool isLate, CancellationToken cancellationToken)
    {
        if (isLate)
            DispatchLogs.Late(log);
        await unfinished.QueueAsync(RunKind.Export, cancellationToken); // The desk sees to an archive run that lies unfinished.
        DispatchLogs.Nightly(log, await desk.StartOrQueueAsync("timer", cancellationToken));
    }
}
