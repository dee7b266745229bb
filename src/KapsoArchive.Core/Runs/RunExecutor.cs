using KapsoArchive.Core.Runs.Reading;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Runs;

/// <summary>Executes archive runs, one at a time per store: first those that an earlier execution left unfinished, then the requested
/// one.</summary>
public sealed class RunExecutor(ProjectArchive archive, ILogger<RunExecutor> log)
{
    /// <summary>Reads the conversations and publishes what is new in them. A conversation that cannot be read does not end the run; the
    /// manifest names it. If the run cannot be finished, what was read is kept, and the next execution continues from there.</summary>
    /// <param name="request">What to read, and in which formats to write it.</param>
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
        return await WriterLock.HoldAsync(
            archive.Store, archive.Time, exportId: null, request.Trigger, held => FinishAndBeginAsync(request, held, tracker),
            cancellationToken);
    }

    /// <summary>Reads the conversations and publishes their messages as a self-contained folder of the exports area. Runs beside archive
    /// runs and other exports, within the same rate budget. If it cannot be finished, nothing of it is left.</summary>
    /// <inheritdoc cref="ExecuteAsync"/>
    public async Task<Manifest> ExportAsync(RunRequest request, RunTracker tracker, CancellationToken cancellationToken)
    {
        await StoreOpener.PrepareAsync(archive.Store, cancellationToken);
        RunStamp run = RunId.New(archive.Time, previousRunId: null);
        JournalHead head = JournalHead.Of(request with { Kind = RunKind.Export, Full = true }, run, previous: null);
        try
        {
            return await WriterLock.HoldAsync(
                archive.Store, archive.Time, head.RunId, head.Trigger, held => BeginAsync(head, held, tracker), cancellationToken);
        }
        finally
        {
            await WriterLock.ForgetAsync(archive.Store, run.RunId);
        }
    }

    private async Task<Manifest> FinishAndBeginAsync(RunRequest request, WriterLock held, RunTracker tracker)
    {
        IReadOnlyList<string> damages = await FinishPendingAsync(held, tracker);
        NewestRun newest = await new LatestSnapshot(archive.Store).FindAsync(held.Interruption);
        if (held.Claims.Damage is { } damage)
            damages = [.. damages, damage];
        RunStamp run = RunId.New(archive.Time, newest.RunId);
        return await BeginAsync(
            await JournalHead.AtPlaceAsync(archive.Store, request, run, newest, damages, held.Interruption), held, tracker);
    }

    private async Task<Manifest> BeginAsync(JournalHead head, WriterLock held, RunTracker tracker)
    {
        RunExecution run = await RunExecution.BeginAsync(archive, held, head, tracker);
        RunLogs.Begun(log, head.RunId, head.Kind, head.Trigger);
        return await FinishAsync(run);
    }

    private async Task<Manifest> FinishAsync(RunExecution run)
    {
        Manifest? manifest;
        while ((manifest = await run.SliceAsync()) is null)
        {
        }

        RunLogs.Ended(log, manifest, run.TableRemark);
        return manifest;
    }

    /// <returns>The damage found in the archive's documents before this call, which may repair it.</returns>
    private async Task<IReadOnlyList<string>> FinishPendingAsync(WriterLock held, RunTracker tracker)
    {
        IReadOnlyList<RunJournal> pending =
            await new PendingRuns(archive.Store, held.Claims, archive.Time).SettleAsync(held.Interruption);
        if (pending.Count == 0)
            return [];
        IReadOnlyList<string> damages = (await new LatestSnapshot(archive.Store).FindAsync(held.Interruption)).DamagesDuringRun;
        List<Manifest> resumed = [];
        foreach (RunJournal journal in pending)
        {
            try
            {
                if (await RunExecution.TakeAsync(archive, held, journal, tracker, comesBack: false) is { } run)
                    resumed.Add(await FinishAsync(run));
                if (tracker.LeftUndone is { } undone)
                    throw new StoreException(undone);
            }
            catch (RunEndedException e) when (e.Status == RunStatus.Failed)
            {
                // What it had to read is read by the run that begins now, or by the next run with that request.
                tracker.GivenUp = [.. tracker.GivenUp, e.Message];
            }

            tracker.Resumed = [.. resumed];
        }

        return damages;
    }
}
