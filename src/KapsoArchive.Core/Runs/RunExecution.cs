using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>Executes one run, slice after slice.</summary>
/// <param name="claim">The right to do so.</param>
/// <param name="comesBack">Whether the caller retries an interrupted run by itself: then the run is kept in every state.</param>
internal sealed class RunExecution(ProjectArchive archive, RunJournal journal, RunClaim claim, RunTracker tracker, bool comesBack)
{
    /// <summary>Number of times a run may be resumed without progress. After that it is abandoned, so that it does not block all
    /// others.</summary>
    private const int MaxStalls = 5;

    /// <summary>Number of attempts of a worker without progress. A source or store that fails that often fails the run.</summary>
    private const int MaxAttempts = 5;

    private const int MaxConflicts = 20;

    private readonly KapsoClient _client = archive.Connect();
    private readonly RunEnding _ending = new(archive, journal, claim, tracker);

    private bool IsCommitted => tracker.Committed?.RunId == journal.RunId;

    /// <param name="interruption">Stops the run; what was read is kept.</param>
    /// <param name="lost">Cancelled when this process no longer owns the store: nothing more may be written.</param>
    /// <exception cref="RunAbandonedException">The run cannot be finished.</exception>
    /// <exception cref="RunCanceledException">The run was cancelled on request.</exception>
    public async Task<Manifest> FinishAsync(CancellationToken interruption, CancellationToken lost)
    {
        while (true)
        {
            if (await SliceAsync(interruption, lost) is { } manifest)
                return manifest;
        }
    }

    /// <summary>Executes one slice.</summary>
    /// <returns>The manifest; null if the run is not finished.</returns>
    /// <inheritdoc cref="FinishAsync"/>
    public async Task<Manifest?> SliceAsync(CancellationToken interruption, CancellationToken lost)
    {
        using var span = new RunSpan(archive.Time);
        try
        {
            Manifest? manifest = await SliceOfOursAsync(span, interruption, lost);
            span.Ended(manifest, tracker);
            return manifest;
        }
        catch (Exception e)
        {
            span.Failed(e, tracker);
            throw;
        }
    }

    /// <summary>Executes one slice. If another writer took over, errors here do not matter: that writer decided the result of the
    /// run.</summary>
    private async Task<Manifest?> SliceOfOursAsync(RunSpan span, CancellationToken interruption, CancellationToken lost)
    {
        try
        {
            return await SliceAsync(span, interruption, lost);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (await WasOvertakenAsync(lost)
                && await new RunRemains(archive.Store, archive.Time, journal).OvertakenAsync(lost) is { } manifest)
                return manifest;
            throw;
        }
    }

    private async Task<bool> WasOvertakenAsync(CancellationToken lost)
    {
        try
        {
            return !await claim.IsHeldAsync(lost);
        }
        catch (StoreException)
        {
            return false; // The store is gone, not only this run.
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
            throw await _ending.AbandonDamagedAsync(e, lost);
        }

        if (state.Head is { Attempts: > MaxAttempts, Stalled: <= MaxStalls })
            throw await _ending.GiveUpAsync(lost);
        using var record = new ProgressKeeper(archive.Store, state.Head, tracker, archive.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, record.Canceled, lost);
        Manifest? published = null;
        try
        {
            if (state.Head.Stalled > MaxStalls)
                throw new InvalidDataException($"it was continued {MaxStalls} times without progress");
            published = await record.DuringAsync(() => SliceOrRebuildAsync(state, stop.Token, lost), lost);
            if (published is null)
            {
                await record.TellAsync(lost); // A slice may be shorter than the interval.
            }
            else
            {
                await record.EndedAsync(Enum.Parse<RunStatus>(published.Status), error: null, published, lost);
                await _ending.DropAsync(lost);
            }

            return published;
        }
        catch (Exception e) when (!comesBack && IsCommitted
            && e is not RunOvertakenException
                and (StoreException or OperationCanceledException or InvalidDataException or IndexDamagedException))
        {
            await _ending.LeaveCommittedAsync(record, tracker.Committed!, published is not null, e, lost);
            return tracker.Committed;
        }
        catch (Exception e) when (e is StagedFileLostException or InvalidDataException)
        {
            throw await _ending.AbandonAsync($"It cannot be finished: {e.Message.TrimEnd('.')}.", e, lost);
        }
        catch (OperationCanceledException e) when (record.Canceled.IsCancellationRequested && !lost.IsCancellationRequested)
        {
            await _ending.CancelAsync(record, lost);
            throw new RunCanceledException(journal.RunId, e);
        }
        catch (Exception e) when (e is not RunOvertakenException && !lost.IsCancellationRequested)
        {
            await _ending.LeaveAsync(record, e, comesBack, lost);
            throw;
        }
    }

    /// <summary>Executes one slice, and rebuilds an index that was rejected once from the archive. A late document of the writer before
    /// this one may also arrive until that writer learns that it was overtaken: then the run continues from there.</summary>
    private async Task<Manifest?> SliceOrRebuildAsync(RunState state, CancellationToken interruption, CancellationToken lost)
    {
        var slice = new RunSlice(archive, _client, journal, claim, tracker);
        bool isRebuilt = false;
        for (int conflicts = 0; ; state = await journal.ResumeAsync(lost))
        {
            try
            {
                return await slice.ExecuteAsync(state, interruption, lost);
            }
            catch (StoreConflictException) when (conflicts++ < MaxConflicts)
            {
                await claim.CheckAsync(lost);
            }
            catch (IndexDamagedException e) when (!isRebuilt)
            {
                await claim.CheckAsync(lost);
                isRebuilt = true;
                tracker.Phase = RunPhase.RebuildingIndex;
                await RebuildIndexAsync(state, e, lost);
            }
        }
    }

    private async Task RebuildIndexAsync(RunState state, IndexDamagedException reason, CancellationToken cancellationToken)
    {
        try
        {
            await new IndexRebuild(archive.Store) { Form = IndexForm.Of(state.Head.Fingerprints) }.RebuildAsync(cancellationToken);
            tracker.IndexRebuilt = reason.Message;
        }
        catch (StoreException) when (reason is IndexOutdatedException && !state.HasProgress)
        {
            // Parts deleted by retention cannot be read again: the run uses the fingerprints of the index, as the program before this
            // one did.
            int fingerprints = ((IndexOutdatedException)reason).Form.Fingerprints;
            await journal.SaveHeadAsync(state.Head with { FingerprintVersion = fingerprints }, cancellationToken);
        }
    }

    private async Task<RunState> TakeUpAsync(RunSpan span, CancellationToken lost)
    {
        try
        {
            return await TryTakeUpAsync(span, lost);
        }
        catch (StoreConflictException)
        {
            await claim.CheckAsync(lost); // The writer before this one may write the head once, at the last moment.
            return await TryTakeUpAsync(span, lost);
        }
    }

    private async Task<RunState> TryTakeUpAsync(RunSpan span, CancellationToken lost)
    {
        RunState state = await journal.ResumeAsync(lost);
        span.TakesUp(state);
        JournalHead head = state.Head.TakenUp(state, comesBack);
        state = state with { Head = head with { TraceParent = span.Context ?? head.TraceParent } };
        await journal.SaveHeadAsync(state.Head, lost);
        return state;
    }
}
