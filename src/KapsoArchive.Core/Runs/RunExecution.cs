using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Index;
using KapsoArchive.Core.Runs.Journal;
using KapsoArchive.Core.Runs.Records;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Executes one run, slice after slice, and sees to what becomes of it where it does not come to its end.</summary>
/// <param name="comesBack">Whether somebody comes back to an interrupted run by himself: then it is kept as it is, whatever it is.</param>
internal sealed class RunExecution(RunParts parts, RunJournal journal, RunTracker tracker, bool comesBack)
{
    /// <summary>A run that was taken up so often without getting further is given up, so that it does not keep all others from running.</summary>
    private const int MaxStalls = 5;

    /// <param name="interruption">Stops the run; what was read is kept.</param>
    /// <param name="lost">The store is no longer ours: nothing more may be written.</param>
    /// <exception cref="RunAbandonedException">The run cannot be finished.</exception>
    /// <exception cref="RunCanceledException">Somebody had it cancelled.</exception>
    public async Task<Manifest> FinishAsync(CancellationToken interruption, CancellationToken lost)
    {
        while (true)
        {
            if (await SliceAsync(interruption, lost) is { } manifest)
                return manifest;
        }
    }

    /// <summary>Executes one slice.</summary>
    /// <returns>The manifest; null where the run is not finished.</returns>
    /// <inheritdoc cref="FinishAsync"/>
    public async Task<Manifest?> SliceAsync(CancellationToken interruption, CancellationToken lost)
    {
        using var span = new RunSpan(parts.Time);
        try
        {
            Manifest? manifest = await SliceAsync(span, interruption, lost);
            span.Ended(manifest, tracker);
            return manifest;
        }
        catch (Exception e)
        {
            span.Failed(e, tracker);
            throw;
        }
    }

    private async Task<Manifest?> SliceAsync(RunSpan span, CancellationToken interruption, CancellationToken lost)
    {
        RunState state;
        try
        {
            state = await TakeUpAsync(span, lost);
        }
        catch (InvalidDataException e)
        {
            throw await AbandonAsync(Damaged(e), e, lost);
        }

        using var record = new RunRecordKeeper(parts.Store, state.Head, tracker, parts.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, record.Canceled);
        try
        {
            if (state.Head.Stalled > MaxStalls)
                throw new InvalidDataException($"it was taken up {MaxStalls} times without getting further");
            Manifest? manifest = await record.DuringAsync(() => SliceOrRebuildAsync(state, stop.Token, lost), lost);
            if (manifest is null)
            {
                await record.TellAsync(lost); // A slice may be shorter than the interval.
            }
            else
            {
                await record.EndedAsync(Enum.Parse<RunStatus>(manifest.Status), error: null, manifest, lost);
                await DropAsync(lost);
            }

            return manifest;
        }
        catch (Exception e) when (e is StagedFileLostException or InvalidDataException)
        {
            throw await AbandonAsync($"It cannot be finished: {e.Message.TrimEnd('.')}.", e, lost);
        }
        catch (OperationCanceledException e) when (record.Canceled.IsCancellationRequested && !lost.IsCancellationRequested)
        {
            await record.EndedAsync(RunStatus.Canceled, "Cancelled on request.", manifest: null, lost);
            await WithdrawAsync(lost);
            await DropAsync(lost);
            throw new RunCanceledException(journal.RunId, e);
        }
        catch (Exception e) when (!lost.IsCancellationRequested)
        {
            await LeaveAsync(record, e);
            throw;
        }
    }

    /// <summary>Ends the run as failed. What was read for the archive is kept, and so is what is half published: whoever takes it up later goes on from there.</summary>
    /// <exception cref="RunAbandonedException">Its journal is damaged, so nothing of it could be kept.</exception>
    public async Task FailAsync(string reason, CancellationToken lost)
    {
        RunState state;
        try
        {
            state = await journal.LoadAsync(lost);
        }
        catch (InvalidDataException e)
        {
            throw await AbandonAsync(Damaged(e), e, lost);
        }

        using var record = new RunRecordKeeper(parts.Store, state.Head, tracker, parts.Time);
        if (state.Commit is not null || (state.HasProgress && journal.Kind == RunKind.Archive))
        {
            await record.InterruptedAsync(RunStatus.Failed, $"{reason} What was read is kept: the next run goes on from there.", lost);
            return;
        }

        await record.EndedAsync(RunStatus.Failed, reason, manifest: null, lost);
        await WithdrawAsync(lost);
        await DropAsync(lost);
    }

    /// <summary>The journal goes last: without it nobody comes back to this run, and what was not done by then is never done.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await parts.Store.DiscardStageAsync(journal.RunId, cancellationToken);
        await journal.DeleteAsync(cancellationToken);
    }

    private static string Damaged(InvalidDataException e) => $"Its journal is damaged: {e.Message}.";

    /// <summary>An index that cannot be believed is made anew from the parts, once.</summary>
    private async Task<Manifest?> SliceOrRebuildAsync(RunState state, CancellationToken interruption, CancellationToken lost)
    {
        var slice = new RunSlice(parts, journal, tracker);
        try
        {
            return await slice.ExecuteAsync(state, interruption, lost);
        }
        catch (IndexDamagedException e)
        {
            tracker.IndexRebuilt = e.Message;
            tracker.Phase = RunPhase.RebuildingIndex;
            await new IndexRebuild(parts.Store).RebuildAsync(lost);
            return await slice.ExecuteAsync(await journal.LoadAsync(lost), interruption, lost);
        }
    }

    private async Task<RunState> TakeUpAsync(RunSpan span, CancellationToken cancellationToken)
    {
        RunState state = await journal.LoadAsync(cancellationToken);
        span.TakesUp(state);
        state = state with { Head = state.Head.TakenUp(state.Progress) with { TraceParent = span.Context ?? state.Head.TraceParent } };
        await journal.SaveHeadAsync(state.Head, cancellationToken);
        return state;
    }

    /// <summary>Decides what becomes of a run that has not come to its end: with something read it waits for the next execution, without it is over.</summary>
    private async Task LeaveAsync(RunRecordKeeper record, Exception reason)
    {
        string why = reason is OperationCanceledException ? "Interrupted." : reason is KapsoException or SourceUnavailableException or StoreException ? reason.Message : $"Unexpected: {reason.GetType().Name}.";
        try
        {
            RunState state = await journal.LoadAsync(CancellationToken.None);
            if (reason is KapsoException or SourceUnavailableException or StoreException)
                await journal.SaveHeadAsync(state.Head with { Stalled = Math.Max(0, state.Head.Stalled - 1) }, CancellationToken.None); // It stood still for no fault of its own.
            if (comesBack || (state.HasProgress && journal.Kind == RunKind.Archive))
            {
                await record.InterruptedAsync(RunStatus.Running, why, CancellationToken.None);
                tracker.Leftovers = state.Commit is null
                    ? $"What run {journal.RunId} has read until now is kept, invisible: the next run goes on from there."
                    : $"Run {journal.RunId} is read completely and half published: the next run finishes that.";
                return;
            }

            await record.EndedAsync(reason is OperationCanceledException ? RunStatus.Canceled : RunStatus.Failed, why, manifest: null, CancellationToken.None);
            await WithdrawAsync(CancellationToken.None);
            await DropAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is StoreException or InvalidDataException)
        {
            tracker.Leftovers = $"What was read of run {journal.RunId} stays in {parts.Store.Location}, invisible: the next run goes on from there, or drops it.";
        }
    }

    /// <summary>Gives the run up, so that it does not stand in the way of others. What it had revealed before its manifest is nobody's, and goes; with its manifest it is committed, and stays.</summary>
    private async Task<RunAbandonedException> AbandonAsync(string reason, Exception cause, CancellationToken cancellationToken)
    {
        Manifest? committed = await parts.Store.ReadAsync(journal.Manifest, cancellationToken) is { } manifest
            ? Manifest.FromJson(manifest.Content.Span)
            : null;
        await WithdrawAsync(cancellationToken);
        if (await new RunRecords(parts.Store, journal.Kind).ReadAsync(journal.RunId, cancellationToken) is { } record)
        {
            DateTimeOffset now = parts.Time.GetUtcNow();
            await new RunRecords(parts.Store, journal.Kind).WriteAsync(
                record with
                {
                    Status = committed is null ? RunStatus.Failed : Enum.Parse<RunStatus>(committed.Status),
                    Error = reason,
                    Interrupted = false,
                    UpdatedAt = now,
                    FinishedAt = committed?.FinishedAt ?? now,
                    Manifest = committed is null ? null : journal.Manifest.Name,
                },
                cancellationToken);
        }

        await DropAsync(cancellationToken);
        return new RunAbandonedException(
            committed is null
                ? $"Run {journal.RunId} was given up. {reason} Nothing of it is committed; run again."
                : $"Run {journal.RunId} is committed and whole, but what follows its manifest was given up. {reason} The next run mends that.",
            cause);
    }

    /// <summary>Takes back what is visible of a run that is not committed, so that nothing of it is left.</summary>
    private async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await parts.Store.ReadAsync(journal.Manifest, cancellationToken) is not null)
                return;
            foreach (RunFile file in (await journal.ReadCommitAsync(cancellationToken))?.Files ?? await PartsOfPagesAsync(cancellationToken))
                await parts.Store.WithdrawAsync(file.Staged, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Then what may be visible of it is found by `kapso-archive verify`.
        }
    }

    /// <summary>The parts of an export that pages are made from are visible before all the others.</summary>
    private async Task<IReadOnlyList<RunFile>> PartsOfPagesAsync(CancellationToken cancellationToken) =>
        await journal.ReadHeadAsync(cancellationToken) is { HasPages: true } ? [.. (await journal.LoadAsync(cancellationToken)).Files] : [];
}
