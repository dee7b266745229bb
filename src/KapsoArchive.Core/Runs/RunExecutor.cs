using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Runs;

/// <summary>Executes archive runs, one at a time per store: first those that an earlier execution left unfinished, then the requested
/// one.</summary>
public sealed class RunExecutor(ProjectArchive archive, ILogger<RunExecutor> log)
{
    /// <summary>
    /// Reads the conversations and publishes what is new in them. A conversation that cannot be read does not end the run; the manifest
    /// names it. If the run cannot be finished, what was read is kept, and the next execution continues from there.
    /// </summary>
    /// <param name="request">What to read, and in which formats to write it.</param>
    /// <param name="tracker">Receives the progress of the run.</param>
    /// <param name="cancellationToken">Interrupts the run, up to its publication.</param>
    /// <exception cref="SettingException">The store cannot be written. No request was sent to the source.</exception>
    /// <exception cref="StoreLockedException">Another run is in progress.</exception>
    /// <exception cref="Kapso.KeyRefusedException">The source refused the key.</exception>
    /// <exception cref="SourceUnavailableException">The source returned no list of conversations, or conversation after conversation
    /// failed.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public async Task<Manifest> ExecuteAsync(RunRequest request, RunTracker tracker, CancellationToken cancellationToken)
    {
        await StoreOpener.PrepareAsync(archive.Store, cancellationToken);
        await using StoreLock held = await archive.Store.LockAsync(ArchiveLock.Path, ArchiveLock.Run(request.Trigger), cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        try
        {
            RunClaims claims = RunClaims.Of(archive.Store, held, archive.Time);
            IReadOnlyList<string> damages = await FinishPendingAsync(claims, tracker, either.Token, held.Lost);
            NewestRun newest = await new LatestSnapshot(archive.Store).FindAsync(either.Token);
            if (claims.Damage is { } damage)
                damages = [.. damages, damage];
            RunStamp run = RunId.New(archive.Time, newest.RunId);
            return await BeginAsync(JournalHead.Of(request, run, newest, damages), claims, tracker, either.Token, held.Lost);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw LockLost(e);
        }
    }

    /// <summary>
    /// Reads the conversations and publishes their messages as a self-contained folder of the exports area. Runs beside archive runs and
    /// other exports, within the same rate budget. If it cannot be finished, nothing of it is left.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync"/>
    public async Task<Manifest> ExportAsync(RunRequest request, RunTracker tracker, CancellationToken cancellationToken)
    {
        await StoreOpener.PrepareAsync(archive.Store, cancellationToken);
        RunStamp run = RunId.New(archive.Time, previousRunId: null);
        JournalHead head = JournalHead.Of(request with { Kind = RunKind.Export, Full = true }, run, previous: null);
        try
        {
            return await ExportAsync(head, tracker, cancellationToken);
        }
        finally
        {
            await ExportLock.ForgetAsync(archive.Store, run.RunId);
        }
    }

    private async Task<Manifest> ExportAsync(JournalHead head, RunTracker tracker, CancellationToken cancellationToken)
    {
        await using StoreLock held = await ExportLock.TakeAsync(archive.Store, head.RunId, head.Trigger, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        try
        {
            return await BeginAsync(head, RunClaims.Of(archive.Store, held, archive.Time, head.RunId), tracker, either.Token, held.Lost);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw LockLost(e);
        }
    }

    private async Task<Manifest> BeginAsync(
        JournalHead head, RunClaims claims, RunTracker tracker, CancellationToken interruption, CancellationToken lost)
    {
        RunClaim claim = await claims.BeginAsync(head.RunId, head.Previous?.RunId, interruption);
        RunJournal journal = await RunJournal.BeginAsync(archive.Store, head, interruption);
        RunLogs.Begun(log, head.RunId, head.Kind, head.Trigger);
        return await FinishAsync(journal, claim, tracker, interruption, lost);
    }

    private async Task<Manifest> FinishAsync(
        RunJournal journal, RunClaim claim, RunTracker tracker, CancellationToken interruption, CancellationToken lost)
    {
        Manifest manifest = await new RunExecution(archive, journal, claim, tracker, comesBack: false).FinishAsync(interruption, lost);
        RunLogs.Ended(log, manifest);
        return manifest;
    }

    private StoreException LockLost(OperationCanceledException e) =>
        new(
            $"The lock of {archive.Store.Location} was lost, so the run was stopped: another process may continue it. See `kapso-archive "
                + "status`.", e);

    /// <returns>The damage found in the archive's documents before this call, which may repair it.</returns>
    private async Task<IReadOnlyList<string>> FinishPendingAsync(
        RunClaims claims, RunTracker tracker, CancellationToken interruption, CancellationToken lost)
    {
        IReadOnlyList<RunJournal> pending = await new PendingRuns(archive.Store, claims, archive.Time).SettleAsync(interruption);
        if (pending.Count == 0)
            return [];
        IReadOnlyList<string> damages = (await new LatestSnapshot(archive.Store).FindAsync(interruption)).DamagesDuringRun;
        List<Manifest> resumed = [];
        foreach (RunJournal journal in pending)
        {
            try
            {
                if (await claims.TakeAsync(journal, interruption) is { } claim)
                    resumed.Add(await FinishAsync(journal, claim, tracker, interruption, lost));
                else
                    await new RunRemains(archive.Store, archive.Time, journal).SupersedeAsync(lost);
                if (tracker.LeftUndone is { } undone)
                    throw new StoreException(undone);
            }
            catch (RunAbandonedException e)
            {
                // What it had to read is read by the run that begins now, or by the next run with that request.
                tracker.GivenUp = [.. tracker.GivenUp, e.Message];
            }

            tracker.Resumed = [.. resumed];
        }

        return damages;
    }
}
