using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Handles the nightly run when it is due, whatever timer called.</summary>
public sealed class NightlyTimer(NightlyDesk desk, UnfinishedRuns unfinished, ILogger<NightlyTimer> log)
{
    /// <summary>Begins the nightly run, or joins the one in progress. Also queues unfinished work again, because a message may have been
    /// lost.</summary>
    /// <param name="isLate">Whether it was due earlier, while no timer was running. It is begun once, however many nights were
    /// missed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    /// <exception cref="Storage.StoreException">The store or the queue failed: call it again.</exception>
    public async Task DueAsync(bool isLate, CancellationToken cancellationToken)
    {
        if (isLate)
            DispatchLogs.Late(log);
        await unfinished.QueueAsync(RunKind.Export, cancellationToken); // The desk resumes an unfinished archive run.
        DispatchLogs.Nightly(log, await desk.StartOrQueueAsync("timer", cancellationToken));
    }
}
