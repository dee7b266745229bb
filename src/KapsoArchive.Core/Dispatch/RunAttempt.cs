using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>One attempt to carry out a slice of an unfinished run. The journal's head keeps how it went. Two attempts at once do no harm:
/// only one holds the run's lock, and finished work is not repeated.</summary>
internal sealed class RunAttempt(ProjectArchive archive, IWaker waker, ILogger log)
{
    /// <summary>Pauses before the second attempt, the third and so on. A source or store that is down for 15 minutes does not fail a
    /// run.</summary>
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>Pause before looking again at a run that another execution holds.</summary>
    private static readonly TimeSpan HeldPause = TimeSpan.FromSeconds(30);

    /// <summary>Pause while another execution only determines the next run, or an execution of this process is about to end.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause before an attempt.</summary>
    public static TimeSpan LongestPause => Pauses[^1];

    private bool _isPublished;

    /// <param name="interruption">This program is stopping: what was read is kept.</param>
    /// <param name="abandoned">It stops at once: what the journal does not hold yet is read again.</param>
    /// <returns>How long to leave the run alone, null if it needs no other attempt; and whether another execution holds it. Failures are
    /// logged, not thrown.</returns>
    public async Task<(TimeSpan? Pause, bool IsHeld)> CarryOutAsync(
        UnfinishedRun run, CancellationToken interruption, CancellationToken abandoned)
    {
        (TimeSpan? pause, bool isHeld) = (null, false);
        try
        {
            pause = await WriterLock.HoldAsync(
                archive.Store, archive.Time, ExportId(run), "the queue", held => SliceAsync(run, held, interruption), interruption,
                abandoned);
        }
        catch (StoreLockedException e)
        {
            return (e.Holder.Purpose == ArchiveLock.Start || e.Holder.IsThisProcess() ? StartPause : HeldPause, true);
        }
        catch (RunOvertakenException)
        {
            RunLogs.Interrupted(log, run.RunId); // The writer that took over is executing it.
            (pause, isHeld) = (HeldPause, true);
        }
        catch (Exception) when (interruption.IsCancellationRequested)
        {
            RunLogs.Interrupted(log, run.RunId);
            return (TimeSpan.Zero, false);
        }
        catch (Exception e)
        {
            // The journal cannot be written now, so only this process knows of the failure.
            DispatchLogs.AttemptFailed(log, e, run.RunId, run.Attempts + 1, Pauses[0]);
            pause = Pauses[0];
        }

        if (_isPublished && run.Kind == RunKind.Archive)
            await VerifyAsync(run.RunId, interruption);
        if (pause != TimeSpan.Zero && run.Kind == RunKind.Export)
            await WriterLock.ForgetAsync(archive.Store, run.RunId);
        return (pause, isHeld);
    }

    private async Task VerifyAsync(string runId, CancellationToken interruption)
    {
        try
        {
            (VerificationReport? report, string? warning) = await new NightlyVerification(archive).AfterAsync(runId, interruption);
            if (warning is not null)
                DispatchLogs.VerificationWarned(log, warning);
            else if (report is not null)
                DispatchLogs.Verified(log, report.Checked.Files);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            // The next night takes this part.
        }
    }

    private static string? ExportId(UnfinishedRun run) => run.Kind == RunKind.Export ? run.RunId : null;

    private async Task<TimeSpan?> SliceAsync(UnfinishedRun run, WriterLock held, CancellationToken interruption)
    {
        var journal = new RunJournal(archive.Store, run.RunId, run.Kind);
        if (!await journal.ExistsAsync(held.Interruption))
            return null; // Another worker, or the command line program, has finished it.
        if (await new ProgressDocuments(archive.Store, run.Kind).TryReadAsync(run.RunId, held.Interruption) is { HasEnded: true })
        {
            // The execution that ended it died before this, or a request that was sent twice wrote it again.
            await journal.DeleteAsync(held.Interruption);
            return null;
        }

        if (await RunExecution.TakeAsync(archive, held, journal, new RunTracker(), comesBack: true) is not { } execution)
            return null;
        try
        {
            return await SliceAsync(run, execution, held.Lost);
        }
        catch (Exception e) when (e is not RunOvertakenException && !held.Lost.IsCancellationRequested)
        {
            return await LeaveAsync(run, journal, e, interruption.IsCancellationRequested, held.Lost);
        }
    }

    private async Task<TimeSpan?> SliceAsync(UnfinishedRun run, RunExecution execution, CancellationToken lost)
    {
        try
        {
            try
            {
                if (await execution.SliceAsync() is not { } manifest)
                    return TimeSpan.Zero;
                RunLogs.Ended(log, manifest, execution.TableRemark);
                _isPublished = true;
            }
            catch (Exception e) when (e is KeyRefusedException or SettingException)
            {
                // Neither error goes away by itself.
                RunLogs.Refused(log, run.RunId, e);
                await execution.FailAsync(e.Message);
            }
        }
        catch (RunEndedException e) when (e.Status == RunStatus.Canceled)
        {
            RunLogs.Canceled(log, run.RunId);
        }
        catch (RunEndedException e)
        {
            RunLogs.Abandoned(log, run.RunId, e);
            await waker.ReportGivenUpAsync(run.Message, lost);
        }

        return null;
    }

    /// <summary>Writes into the journal when the next attempt is due. The last failure has no pause: the next look gives the run up, unless
    /// this attempt made progress.</summary>
    private async Task<TimeSpan?> LeaveAsync(
        UnfinishedRun run, RunJournal journal, Exception reason, bool isInterrupted, CancellationToken lost)
    {
        int attempt = run.Attempts + 1;
        TimeSpan pause = Pauses[0];
        try
        {
            if (await journal.ReadHeadAsync(lost) is not { } head)
                return null; // It has ended.
            attempt = Math.Max(head.Attempts, 1);
            pause = isInterrupted ? TimeSpan.Zero : Pauses.ElementAtOrDefault(attempt - 1);
            await journal.SaveHeadAsync(
                isInterrupted ? head with { Attempts = attempt - 1 } : head with { NotBefore = archive.Time.GetUtcNow() + pause }, lost);
        }
        catch (Exception e) when (e is StoreException or InvalidDataException)
        {
            // The store is gone, or the journal is damaged: only this process knows of the failure.
        }

        if (isInterrupted)
            RunLogs.Interrupted(log, run.RunId);
        else
            DispatchLogs.AttemptFailed(log, reason, run.RunId, attempt, pause);
        return pause;
    }
}
