using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>
/// Executes what a queue message asks for: one slice of one run, after which the run queues itself again until it is finished. A duplicate
/// message does no harm: only one execution holds a run at a time, and finished work is not repeated.
/// </summary>
public sealed class RunDriver(ProjectArchive archive, NightlyDesk nightly, IRunQueue queue, ILogger<RunDriver> log)
{
    /// <summary>Delay before looking again at a run that another execution holds.</summary>
    private static readonly TimeSpan HeldPause = TimeSpan.FromSeconds(30);

    /// <summary>Delay while another execution only determines which run comes next.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(2);

    /// <summary>As below, for a raw queue message. An invalid message is logged and dropped.</summary>
    /// <inheritdoc cref="HandleAsync(RunMessage, CancellationToken)"/>
    public Task HandleAsync(string message, CancellationToken interruption) => ReadAsync(message, HandleAsync, interruption);

    /// <summary>As below, for a raw queue message. An invalid message is logged and dropped.</summary>
    /// <inheritdoc cref="FailAsync(RunMessage, CancellationToken)"/>
    public Task FailAsync(string message, CancellationToken cancellationToken) => ReadAsync(message, FailAsync, cancellationToken);

    /// <summary>Executes one slice. If it returns, the message is done; if it throws, the caller must deliver the message again
    /// later.</summary>
    /// <param name="message">The work to do.</param>
    /// <param name="interruption">This program is stopping: what was read is kept, and the run queues itself again.</param>
    /// <exception cref="StoreException">The store or the queue failed.</exception>
    /// <exception cref="SourceUnavailableException">The source failed.</exception>
    public async Task HandleAsync(RunMessage message, CancellationToken interruption)
    {
        try
        {
            if (message.RunId is null)
                DispatchLogs.Nightly(log, await nightly.StartOrQueueAsync(message.Trigger ?? "timer", interruption));
            else if (await SliceAsync(message, interruption))
                await queue.SendAsync(message, TimeSpan.Zero, interruption);
            else
                await ForgetLockAsync(message);
        }
        catch (StoreLockedException e)
        {
            await queue.SendAsync(message, e.Holder.Purpose == ArchiveLock.Start ? StartPause : HeldPause, interruption);
        }
        catch (RunOvertakenException)
        {
            // The writer that took over is executing it; this message is delivered again, in case that writer dies.
            RunLogs.Interrupted(log, message.RunId);
            await queue.SendAsync(message, HeldPause, interruption);
        }
        catch (RunAbandonedException e)
        {
            RunLogs.Abandoned(log, message.RunId, e);
            await ForgetLockAsync(message);
        }
        catch (RunCanceledException)
        {
            RunLogs.Canceled(log, message.RunId);
            await ForgetLockAsync(message);
        }
        catch (Exception e) when (e is KeyRefusedException or SettingException)
        {
            // Neither error goes away by itself.
            RunLogs.Refused(log, message.RunId, e);
            await FailAsync(message, e.Message, CancellationToken.None);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            RunLogs.Interrupted(log, message.RunId);
            await queue.SendAsync(message, TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>Gives up a message that failed repeatedly, and marks its run as failed.</summary>
    /// <param name="message">The work to do.</param>
    /// <param name="cancellationToken">Cancels the call; then call it again.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task FailAsync(RunMessage message, CancellationToken cancellationToken)
    {
        if (message.RunId is null)
            return;
        RunRecord? record = await new RunRecords(archive.Store, message.Kind).ReadAsync(message.RunId, cancellationToken);
        string last = record?.Error is { } error ? $" The last time: {error}" : "";
        await FailAsync(message, $"It was tried again and again, and given up.{last}", cancellationToken);
    }

    private async Task ReadAsync(string message, Func<RunMessage, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        if (RunMessage.TryParse(message) is { } read)
            await act(read, cancellationToken);
        else
            DispatchLogs.Unreadable(log);
    }

    private async Task FailAsync(RunMessage message, string reason, CancellationToken cancellationToken)
    {
        if (message.RunId is null)
            return;
        var journal = new RunJournal(archive.Store, message.RunId, message.Kind);
        try
        {
            await using StoreLock held = await LockAsync(message, cancellationToken);
            if (await journal.ExistsAsync(cancellationToken) && await TakeAsync(message, journal, held, cancellationToken) is { } claim)
                await new RunEnding(archive, journal, claim, new RunTracker()).FailAsync(reason, held.Lost);
        }
        catch (Exception e) when (e is StoreLockedException or RunOvertakenException)
        {
            return; // Another execution holds it after all.
        }
        catch (RunAbandonedException e)
        {
            RunLogs.Abandoned(log, message.RunId, e);
        }

        await ForgetLockAsync(message);
    }

    /// <returns>Whether more is left to do.</returns>
    private async Task<bool> SliceAsync(RunMessage message, CancellationToken interruption)
    {
        await using StoreLock held = await LockAsync(message, interruption);
        var journal = new RunJournal(archive.Store, message.RunId!, message.Kind);
        if (!await journal.ExistsAsync(interruption))
            return false; // Another delivery, or the command line program, has finished it.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interruption, held.Lost);
        try
        {
            if (await new RunRecords(archive.Store, message.Kind).TryReadAsync(message.RunId!, either.Token) is { HasEnded: true })
            {
                // The execution that ended it died before this, or a request that was sent twice wrote it again.
                await new RunRemains(archive.Store, archive.Time, journal).DropAsync(either.Token);
                return false;
            }

            if (await TakeAsync(message, journal, held, either.Token) is not { } claim)
                return false;
            var execution = new RunExecution(archive, journal, claim, new RunTracker(), comesBack: true);
            if (await execution.SliceAsync(either.Token, held.Lost) is not { } manifest)
                return true;
            RunLogs.Ended(log, manifest);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !interruption.IsCancellationRequested)
        {
            throw new StoreException(
                $"The lock of {archive.Store.Location} could not be kept, so the run was stopped: another may go on with it.", e);
        }

        return false;
    }

    private Task<StoreLock> LockAsync(RunMessage message, CancellationToken cancellationToken) => message.Kind == RunKind.Export
        ? ExportLock.TakeAsync(archive.Store, message.RunId!, "the queue", cancellationToken)
        : archive.Store.LockAsync(ArchiveLock.Path, ArchiveLock.Run("the queue"), cancellationToken);

    private Task ForgetLockAsync(RunMessage message) =>
        message.Kind == RunKind.Export ? ExportLock.ForgetAsync(archive.Store, message.RunId!) : Task.CompletedTask;

    /// <returns>Null if the run can no longer be committed: then it is cleared away.</returns>
    private async Task<RunClaim?> TakeAsync(RunMessage message, RunJournal journal, StoreLock held, CancellationToken cancellationToken)
    {
        RunClaims claims = RunClaims.Of(archive.Store, held, archive.Time, message.Kind == RunKind.Export ? message.RunId : null);
        if (await claims.TakeAsync(journal, cancellationToken) is { } claim)
            return claim;
        await new RunRemains(archive.Store, archive.Time, journal).SupersedeAsync(held.Lost);
        return null;
    }
}
