using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Fetching;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>Carries out one run from its claim to its manifest, slice after slice: reads, completes, publishes.</summary>
/// <param name="held">The lock under which the run was claimed.</param>
/// <param name="comesBack">Whether the caller retries an interrupted run by itself: then the run is kept in every state.</param>
internal sealed class RunExecution(
    ProjectArchive archive, WriterLock held, RunJournal journal, RunTracker tracker, bool comesBack)
{
    /// <summary>Number of times a run may be resumed without progress. After that it is abandoned, so that it does not block all
    /// others.</summary>
    private const int MaxStalls = 5;

    /// <summary>Number of attempts of a worker without progress. A source or store that fails that often fails the run.</summary>
    private const int MaxAttempts = 5;

    private const int MaxConflicts = 20;

    private readonly RunClaims _claims = held.Claims;
    private readonly RunEnding _ending = new(archive, journal, held.Claims, tracker);
    private readonly CancellationToken _interruption = held.Interruption;
    private readonly CancellationToken _lost = held.Lost;
    private readonly SourceCounters _noRequests = new();
    private KapsoClient? _client;

    private bool IsCommitted => tracker.Committed?.RunId == journal.RunId;

    /// <summary>Claims a new run, and writes its request into a new journal.</summary>
    /// <exception cref="RunOvertakenException">Another writer is active.</exception>
    public static async Task<RunExecution> BeginAsync(ProjectArchive archive, WriterLock held, JournalHead head, RunTracker tracker)
    {
        await held.Claims.BeginAsync(head.RunId, head.Previous?.RunId, held.Interruption);
        RunJournal journal = await RunJournal.BeginAsync(archive.Store, head, held.Interruption);
        return new RunExecution(archive, held, journal, tracker, comesBack: false);
    }

    /// <summary>Takes over a run that another execution left.</summary>
    /// <param name="comesBack">Whether the caller retries an interrupted run by itself: then the run is kept in every state.</param>
    /// <returns>Null if the run can no longer be committed. It is cleared away then.</returns>
    /// <exception cref="RunOvertakenException">Another writer took over meanwhile.</exception>
    public static async Task<RunExecution?> TakeAsync(
        ProjectArchive archive, WriterLock held, RunJournal journal, RunTracker tracker, bool comesBack)
    {
        if (await held.Claims.TakeAsync(journal, held.Interruption))
            return new RunExecution(archive, held, journal, tracker, comesBack);
        await new PendingRuns(archive.Store, held.Claims, archive.Time).SupersedeAsync(journal, held.Lost);
        return null;
    }

    /// <summary>Executes one slice.</summary>
    /// <returns>The manifest; null if the run is not finished.</returns>
    /// <exception cref="RunEndedException">The run cannot be finished, or was cancelled on request.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted, or the lock was lost. What was read is kept.</exception>
    public async Task<Manifest?> SliceAsync()
    {
        using var span = new RunSpan(archive.Time);
        try
        {
            Manifest? manifest = await TakeUpAndWorkAsync(span);
            span.Ended(manifest, tracker);
            return manifest;
        }
        catch (Exception e)
        {
            // If another writer took over, errors here do not matter: that writer decided the result of the run.
            if (e is not OperationCanceledException && await WasOvertakenAsync()
                && await OvertakenAsync() is { } theirs)
            {
                span.Ended(theirs, tracker);
                return theirs;
            }

            span.Failed(e, tracker);
            throw;
        }
    }

    /// <summary>Ends the run as failed, because of an error that does not go away by itself.</summary>
    /// <inheritdoc cref="RunEnding.FailAsync"/>
    public Task FailAsync(string reason) => _ending.FailAsync(reason, _lost);

    /// <inheritdoc cref="RunTracker.TableRemark"/>
    public string? TableRemark => tracker.TableRemark;

    private async Task<bool> WasOvertakenAsync()
    {
        try
        {
            return !await _claims.IsHeldAsync(_lost);
        }
        catch (StoreException)
        {
            return false; // The store is gone, not only this run.
        }
    }

    /// <summary>Checks what another writer made of the run. If it has ended, this writer's staged files since then belong to
    /// nobody.</summary>
    /// <returns>The manifest, if it was committed.</returns>
    private async Task<Manifest?> OvertakenAsync()
    {
        if (!await journal.ExistsAsync(_lost))
            await archive.Store.DiscardStageAsync(journal.RunId, _lost);
        return await new CommittedRuns(archive.Store, journal.Kind).FindSnapshotAsync(journal.RunId, _lost);
    }

    private async Task<Manifest?> TakeUpAndWorkAsync(RunSpan span)
    {
        RunState state;
        try
        {
            state = await TakeUpAsync(span);
        }
        catch (InvalidDataException e)
        {
            throw await _ending.AbandonDamagedAsync(e, _lost);
        }

        if (state.Head is { Attempts: > MaxAttempts, Stalled: <= MaxStalls })
            throw await _ending.GiveUpAsync(_lost);
        using var record = new ProgressKeeper(archive.Store, state.Head, tracker, archive.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_interruption, record.Canceled, _lost);
        Manifest? published = null;
        try
        {
            if (state.Head.Stalled > MaxStalls)
                throw new InvalidDataException($"it was continued {MaxStalls} times without progress");
            published = await record.DuringAsync(() => SliceOrRebuildAsync(state, stop.Token), _lost);
            if (published is null)
            {
                await record.TellAsync(_lost); // A slice may be shorter than the interval.
            }
            else
            {
                await record.EndedAsync(Enum.Parse<RunStatus>(published.Status), error: null, published, _lost);
                await _ending.DropAsync(_lost);
            }

            return published;
        }
        catch (Exception e) when (!comesBack && IsCommitted
            && e is not RunOvertakenException
                and (StoreException or OperationCanceledException or InvalidDataException or IndexDamagedException))
        {
            await _ending.LeaveCommittedAsync(record, tracker.Committed!, published is not null, e, _lost);
            return tracker.Committed;
        }
        catch (Exception e) when (e is StagedFileLostException or InvalidDataException)
        {
            throw await _ending.AbandonAsync($"It cannot be finished: {e.Message.TrimEnd('.')}.", e, _lost);
        }
        catch (OperationCanceledException e) when (record.Canceled.IsCancellationRequested && !_lost.IsCancellationRequested)
        {
            await _ending.CancelAsync(record, _lost);
            throw new RunEndedException(
                RunStatus.Canceled, $"Run {journal.RunId} was cancelled on request. It left nothing behind.", e);
        }
        catch (Exception e) when (e is not RunOvertakenException && !_lost.IsCancellationRequested)
        {
            await _ending.LeaveAsync(record, e, comesBack, _lost);
            throw;
        }
    }

    /// <summary>Executes one slice, and rebuilds an index that was rejected once from the archive. A late document of the writer before
    /// this one may also arrive until that writer learns that it was overtaken: then the run continues from there.</summary>
    private async Task<Manifest?> SliceOrRebuildAsync(RunState state, CancellationToken interruption)
    {
        bool isRebuilt = false;
        for (int conflicts = 0; ; state = await journal.ResumeAsync(_lost))
        {
            try
            {
                return await WorkAsync(state, interruption);
            }
            catch (StoreConflictException) when (conflicts++ < MaxConflicts)
            {
                await _claims.CheckAsync(_lost);
            }
            catch (Exception e) when (e is KeyRefusedException or SourceUnavailableException && state.Head.Source == ExportSource.Both)
            {
                await _claims.CheckAsync(_lost);
                if (!(await ArchivedSource.OpenAsync(archive.Store, tracker, _lost)).HasAny(state.Head))
                    throw;
                JournalHead head = await journal.ReadHeadAsync(_lost) ?? state.Head;
                await journal.SaveHeadAsync(head with { Unavailable = e.Message }, _lost);
            }
            catch (IndexDamagedException) when (journal.Kind == RunKind.Export)
            {
                if (isRebuilt)
                    throw ArchivedSource.Unusable(archive.Store, "is damaged");
                isRebuilt = true; // A run that was committed meanwhile may have replaced it.
            }
            catch (IndexDamagedException e) when (!isRebuilt)
            {
                await _claims.CheckAsync(_lost);
                isRebuilt = true;
                tracker.Phase = RunPhase.RebuildingIndex;
                await RebuildIndexAsync(state, e);
            }
        }
    }

    /// <exception cref="SettingException">A setting of the source is wrong.</exception>
    private async Task<Manifest?> WorkAsync(RunState state, CancellationToken interruption)
    {
        _client = state.Head.Source == ExportSource.Archive || state.Head.OnlyFiles ? null : _client ?? Connect(state.Head);
        tracker.Begin(journal.RunId, _client?.Counters ?? _noRequests, _client is null ? null : archive.Budget, state.Sums);
        if (state.Commit is null)
        {
            using var clock = new SliceClock(Duration(state.Head.Stalled), archive.Time, interruption);
            var runClock = new RunClock(archive, _client?.Clock ?? new SourceClock());
            state = state.Head.OnlyFiles ? await PlanNothingAsync(state)
                : _client is null ? await new ArchivedReading(archive, journal, tracker).ReadAsync(state, clock, _lost)
                : await new RunReading(archive, _client, journal, tracker, runClock).ReadAsync(state, clock, interruption, _lost);
            interruption.ThrowIfCancellationRequested();
            if (state.Plan!.Packed.Count > state.Sums.Done)
                return null;
            if (!state.IsWhole)
                state = await journal.LoadAsync(_lost);
            (state, bool isDone) = await new FileFetching(archive, journal, tracker).FetchAsync(state, clock, _lost);
            interruption.ThrowIfCancellationRequested();
            if (!isDone)
                return null;
            string source = state.Head.Source == ExportSource.Archive
                ? await ArchivedSource.NameAsync(archive.Store, _lost)
                : archive.Kapso.BaseUrl;
            var completion = new RunCompletion(archive, journal, _claims, state, runClock, tracker, source);
            state = state with { Commit = await completion.StageAsync(interruption, _lost) };
        }

        tracker.Phase = RunPhase.Publishing;
        if (!_claims.IsPublishing || state.Head.NeedsParts)
            await _claims.PublishAsync(_lost);
        return await new Publication(archive.Store, journal, _claims, tracker).PublishAsync(state, _lost);
    }

    /// <summary>The plan of a run that reads no conversation.</summary>
    private async Task<RunState> PlanNothingAsync(RunState state)
    {
        if (state.Plan is not null)
            return state;
        var plan = new RunPlan(ActiveSince: null, IsWholeList: false, [], 0) { Packed = RunPlan.Pack([]), Tag = RunJournal.NewTag() };
        await journal.SavePlanAsync(plan, _lost);
        return state with { Plan = plan, Point = ResumePoint.Start(0) };
    }

    private KapsoClient Connect(JournalHead head)
    {
        try
        {
            return archive.Connect();
        }
        catch (SettingException e) when (head.Source == ExportSource.Both)
        {
            throw new SourceUnavailableException(e.Message, e);
        }
    }

    /// <summary>Duration of the slice. It doubles each time the run makes no progress: if the source chooses the page size, a listing
    /// cannot be paused within a sweep, which may need longer than one slice.</summary>
    private TimeSpan Duration(int stalled) => archive.Options.SliceDuration * (1 << Math.Clamp(stalled - 1, 0, 6));

    private async Task RebuildIndexAsync(RunState state, IndexDamagedException reason)
    {
        try
        {
            await new IndexRebuild(archive.Store) { Form = IndexForm.Of(state.Head.Fingerprints) }.RebuildAsync(_lost);
            tracker.IndexRebuilt = reason.Message;
        }
        catch (StoreException) when (reason is IndexOutdatedException && !state.HasProgress)
        {
            // Parts deleted by retention cannot be read again: the run uses the fingerprints of the index, as the program before this
            // one did.
            int fingerprints = ((IndexOutdatedException)reason).Form.Fingerprints;
            await journal.SaveHeadAsync(state.Head with { FingerprintVersion = fingerprints }, _lost);
        }
    }

    private async Task<RunState> TakeUpAsync(RunSpan span)
    {
        try
        {
            return await TryTakeUpAsync(span);
        }
        catch (StoreConflictException)
        {
            await _claims.CheckAsync(_lost); // The writer before this one may write the head once, at the last moment.
            return await TryTakeUpAsync(span);
        }
    }

    private async Task<RunState> TryTakeUpAsync(RunSpan span)
    {
        RunState state = await journal.ResumeAsync(_lost);
        span.TakesUp(state);
        JournalHead head = state.Head.TakenUp(state, comesBack);
        state = state with { Head = head with { TraceParent = span.Context ?? head.TraceParent } };
        await journal.SaveHeadAsync(state.Head, _lost);
        return state;
    }
}
