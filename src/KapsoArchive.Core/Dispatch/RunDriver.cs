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
/// Does what a message of the queue asks for: one slice of one run, after which the run queues itself again until it is finished. The same message twice does no harm: a run is in one hand at a
/// time, and what is finished is not done again.
/// </summary>
public sealed class RunDriver(RunParts parts, NightlyDesk nightly, IRunQueue queue, ILogger<RunDriver> log)
{
    /// <summary>How soon to look again at a run that somebody else has in hand.</summary>
    private static readonly TimeSpan HeldPause = TimeSpan.FromSeconds(30);

    /// <summary>The same where it is only being settled which run comes next.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(2);

    /// <summary>As below, for a message as it stood in the queue. What is no such message is told and dropped.</summary>
    /// <inheritdoc cref="HandleAsync(RunMessage, CancellationToken)"/>
    public Task HandleAsync(string message, CancellationToken interruption) => ReadAsync(message, HandleAsync, interruption);

    /// <summary>As below, for a message as it stood in the queue. What is no such message is told and dropped.</summary>
    /// <inheritdoc cref="FailAsync(RunMessage, CancellationToken)"/>
    public Task FailAsync(string message, CancellationToken cancellationToken) => ReadAsync(message, FailAsync, cancellationToken);

    /// <summary>Carries out one slice. Returns where the message is done with; whoever catches an exception delivers it again later.</summary>
    /// <param name="message">What is due.</param>
    /// <param name="interruption">This program ends: what was read is kept, and the run queues itself again.</param>
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
            // Whoever took over is at work on it; this message comes by again, for the case that it dies.
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
            // Neither goes away by itself.
            RunLogs.Refused(log, message.RunId, e);
            await FailAsync(message, e.Message, CancellationToken.None);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            RunLogs.Interrupted(log, message.RunId);
            await queue.SendAsync(message, TimeSpan.Zero, CancellationToken.None);
        }
    }

    /// <summary>Gives up on a message that could not be handled time after time, and marks its run as failed.</summary>
    /// <param name="message">What was due.</param>
    /// <param name="cancellationToken">Gives up; then call it again.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task FailAsync(RunMessage message, CancellationToken cancellationToken)
    {
        if (message.RunId is null)
            return;
        RunRecord? record = await new RunRecords(parts.Store, message.Kind).ReadAsync(message.RunId, cancellationToken);
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
        var journal = new RunJournal(parts.Store, message.RunId, message.Kind);
        try
        {
            await using StoreLock held = await LockAsync(message, cancellationToken);
            if (await journal.ExistsAsync(cancellationToken) && await TakeAsync(message, journal, held, cancellationToken) is { } claim)
                await new RunEnding(parts, journal, claim, new RunTracker()).FailAsync(reason, held.Lost);
        }
        catch (Exception e) when (e is StoreLockedException or RunOvertakenException)
        {
            return; // Somebody is at work on it after all.
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
        var journal = new RunJournal(parts.Store, message.RunId!, message.Kind);
        if (!await journal.ExistsAsync(interruption))
            return false; // It is finished: by another delivery, or by the command line program.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interruption, held.Lost);
        try
        {
            if (await new RunRecords(parts.Store, message.Kind).TryReadAsync(message.RunId!, either.Token) is { HasEnded: true })
            {
                await new RunRemains(parts.Store, parts.Time, journal).DropAsync(either.Token); // Whoever ended it died over that, or a request that was sent twice wrote it once more.
                return false;
            }

            if (await TakeAsync(message, journal, held, either.Token) is not { } claim)
                return false;
            if (await new RunExecution(parts, journal, claim, new RunTracker(), comesBack: true).SliceAsync(either.Token, held.Lost) is not { } manifest)
                return true;
            RunLogs.Ended(log, manifest);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !interruption.IsCancellationRequested)
        {
            throw new StoreException($"The lock of {parts.Store.Location} could not be kept, so the run was stopped: another may go on with it.", e);
        }

        return false;
    }

    private Task<StoreLock> LockAsync(RunMessage message, CancellationToken cancellationToken) => message.Kind == RunKind.Export
        ? ExportLock.TakeAsync(parts.Store, message.RunId!, "the queue", cancellationToken)
        : parts.Store.LockAsync(ArchiveLock.Path, ArchiveLock.Run("the queue"), cancellationToken);

    private Task ForgetLockAsync(RunMessage message) => message.Kind == RunKind.Export ? ExportLock.ForgetAsync(parts.Store, message.RunId!) : Task.CompletedTask;

    /// <returns>Null if the run can no longer be committed: then it is cleared away.</returns>
    private async Task<RunClaim?> TakeAsync(RunMessage message, RunJournal journal, StoreLock held, CancellationToken cancellationToken)
    {
        RunClaims claims = RunClaims.Of(parts.Store, held, parts.Time, message.Kind == RunKind.Export ? message.RunId : null);
        if (await claims.TakeAsync(journal, cancellationToken) is { } claim)
            return claim;
        await new RunRemains(parts.Store, parts.Time, journal).SupersedeAsync(held.Lost);
        return null;
    }
}
