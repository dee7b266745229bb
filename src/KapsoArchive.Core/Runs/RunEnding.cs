using KapsoArchive.Core.Journal.Claims;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>Ends a run that does not complete: keeps it for the next execution, or withdraws it so that nothing of it is left.</summary>
internal sealed class RunEnding(ProjectArchive archive, RunJournal journal, RunClaims claims, RunTracker tracker)
{
    private readonly ProgressDocuments _records = new(archive.Store, journal.Kind);

    /// <summary>Leaves a run: with progress it waits for the next execution; without, it has ended.</summary>
    /// <param name="comesBack">Whether the caller retries the run by itself: then the run is kept in every state.</param>
    /// <param name="lost">Cancelled when this process no longer owns the store.</param>
    public async Task LeaveAsync(ProgressKeeper record, Exception reason, bool comesBack, CancellationToken lost)
    {
        string why = reason is OperationCanceledException
            ? "Interrupted."
            : reason is KapsoException or SourceUnavailableException or StoreException or SettingException
                ? reason.Message
                : $"Unexpected: {reason.GetType().Name}.";
        try
        {
            if (!await claims.IsHeldAsync(lost))
                return; // It belongs to another writer.
            RunState state = await journal.ResumeAsync(lost);
            if (reason is KapsoException or SourceUnavailableException or StoreException or SettingException or OperationCanceledException)
                // The run is not to blame for the lack of progress.
                await journal.SaveHeadAsync(state.Head with { Stalled = Math.Max(0, state.Head.Stalled - 1) }, lost);
            if (comesBack || (state.HasProgress && journal.Kind == RunKind.Archive))
            {
                await record.InterruptedAsync(RunStatus.Running, why, lost);
                tracker.Leftovers = state.Commit is null
                    ? $"What run {journal.RunId} has read so far is kept, but not visible. The next run continues from there."
                    : $"Run {journal.RunId} was read completely and is partly published. The next run finishes it.";
                return;
            }

            await TakeBackAsync(record, reason is OperationCanceledException ? RunStatus.Canceled : RunStatus.Failed, why, lost);
        }
        catch (Exception e) when (e is StoreException or InvalidDataException)
        {
            tracker.Leftovers = $"What run {journal.RunId} has read stays in {archive.Store.Location}, but not visible. The next run "
                + "continues from there, or deletes it.";
        }
    }

    /// <summary>Leaves a committed run. A store that fails after the manifest does not make the run fail: the next execution writes what
    /// is missing, and clearing away is tried again.</summary>
    /// <param name="manifest">What was committed.</param>
    /// <param name="isPublished">Whether everything that follows the manifest was written.</param>
    /// <param name="lost">Cancelled when this process no longer owns the store: nothing more may be written.</param>
    public async Task LeaveCommittedAsync(
        ProgressKeeper record, Manifest manifest, bool isPublished, Exception reason, CancellationToken lost)
    {
        string why = lost.IsCancellationRequested ? $"The lock of {archive.Store.Location} was lost." : reason.Message;
        bool isWhole = isPublished || journal.Kind == RunKind.Export;
        tracker.LeftUndone = isWhole
            ? $"{(journal.Kind == RunKind.Export ? "Export" : "Run")} {journal.RunId} is committed and complete, but its journal is not "
                + $"deleted yet; the next run deletes it: {why}"
            : $"Run {journal.RunId} is committed, but what follows its manifest is not written yet; the next run writes it: {why}";
        if (lost.IsCancellationRequested)
            return;
        try
        {
            if (isWhole)
            {
                await record.EndedAsync(Enum.Parse<RunStatus>(manifest.Status), error: null, manifest, CancellationToken.None);
                await DropAsync(CancellationToken.None);
                tracker.LeftUndone = null;
            }
            else if (await journal.ExistsAsync(CancellationToken.None))
            {
                await record.InterruptedAsync(RunStatus.Running, tracker.LeftUndone, CancellationToken.None);
            }
            else
            {
                tracker.LeftUndone = null; // Another execution considered it abandoned, and has finished it.
            }
        }
        catch (StoreException)
        {
            // It is reported already; only the manifest decides.
        }
    }

    /// <summary>Ends the run as cancelled on request: nothing of it is left.</summary>
    public Task CancelAsync(ProgressKeeper record, CancellationToken lost) =>
        TakeBackAsync(record, RunStatus.Canceled, "Cancelled on request.", lost);

    /// <summary>Ends the run as failed after its last attempt; see <see cref="FailAsync"/>.</summary>
    /// <returns>An exception that reports this.</returns>
    public async Task<RunEndedException> GiveUpAsync(CancellationToken lost)
    {
        ProgressDocument? record = await _records.TryReadAsync(journal.RunId, lost);
        string reason = "It was given up after several attempts." + (record?.Error is { } last ? $" The last error: {last}" : "");
        await FailAsync(reason, lost);
        return new RunEndedException(RunStatus.Failed, $"Run {journal.RunId} failed. {reason}");
    }

    /// <summary>Ends the run as failed. What was read for the archive is kept, and so is what is partly published: a later execution
    /// continues from there.</summary>
    /// <exception cref="RunEndedException">Its journal is damaged, so nothing of it could be kept.</exception>
    public async Task FailAsync(string reason, CancellationToken lost)
    {
        RunState state;
        try
        {
            state = await journal.ResumeAsync(lost);
        }
        catch (InvalidDataException e)
        {
            throw await AbandonDamagedAsync(e, lost);
        }

        bool isKept = state.Commit is not null || (state.HasProgress && journal.Kind == RunKind.Archive);
        if (isKept)
            await journal.SaveHeadAsync(state.Head with { GivenUp = true }, lost);
        using var record = new ProgressKeeper(archive.Store, state.Head, tracker, archive.Time);
        if (state.Commit is not null && await archive.Store.ReadAsync(journal.Manifest, lost) is not null)
        {
            await record.InterruptedAsync(
                RunStatus.Running, $"It is committed. {reason} The next run writes what follows its manifest.", lost);
            return;
        }

        if (isKept)
        {
            await record.InterruptedAsync(RunStatus.Failed, $"{reason} What was read is kept: the next run continues from there.", lost);
            return;
        }

        await TakeBackAsync(record, RunStatus.Failed, reason, lost);
    }

    /// <inheritdoc cref="AbandonAsync"/>
    public Task<RunEndedException> AbandonDamagedAsync(InvalidDataException damage, CancellationToken cancellationToken) =>
        AbandonAsync($"Its journal is damaged: {damage.Message}.", damage, cancellationToken);

    /// <summary>Abandons the run, so that it does not block others. What an archive run may have made visible stays, and readers ignore
    /// it; that of an export is deleted.</summary>
    /// <returns>An exception that reports this and explains how to continue.</returns>
    /// <exception cref="RunOvertakenException">Another writer took over and decides about the run.</exception>
    public async Task<RunEndedException> AbandonAsync(string reason, Exception cause, CancellationToken cancellationToken)
    {
        await claims.CheckAsync(cancellationToken);
        if (journal.Kind == RunKind.Archive)
            await CloseAsync(cancellationToken);
        else
            await journal.WithdrawAsync(cancellationToken);
        Manifest? committed = await new CommittedRuns(archive.Store, journal.Kind).FindSnapshotAsync(journal.RunId, cancellationToken);
        await claims.CloseAsync(cancellationToken);
        await _records.EndAsync(journal.RunId, committed, RunStatus.Failed, reason, archive.Time.GetUtcNow(), cancellationToken);
        await journal.DeleteAsync(cancellationToken);
        return new RunEndedException(
            RunStatus.Failed,
            committed is null
                ? $"Run {journal.RunId} was given up. {reason} Nothing of it is committed; run again."
                : $"Run {journal.RunId} is committed and complete, but what follows its manifest was given up. "
                    + $"{reason} The next run repairs that.",
            cause);
    }

    /// <summary>Deletes the journal of a run that has ended, after everything about the run has been written.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await claims.CloseAsync(cancellationToken);
        await journal.DeleteAsync(cancellationToken);
    }

    /// <summary>Closes the run if it is ready to be published, because something of it may be visible then.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        JournalHead? head = await UndamagedAsync(journal.ReadHeadAsync(cancellationToken));
        JournalCommit? commit = await UndamagedAsync(journal.ReadCommitAsync(cancellationToken));
        if (!claims.IsPublishing && !await journal.HasCommitAsync(cancellationToken))
            return;
        await claims.PublishAsync(cancellationToken);
        await new RunClosing(archive.Store, archive.Time, claims).CloseAsync(journal.RunId, head, commit, cancellationToken);
    }

    private static async Task<T?> UndamagedAsync<T>(Task<T?> reading)
        where T : class
    {
        try
        {
            return await reading;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task TakeBackAsync(ProgressKeeper record, RunStatus status, string reason, CancellationToken cancellationToken)
    {
        await claims.CloseAsync(cancellationToken);
        await record.EndedAsync(status, reason, manifest: null, cancellationToken);
        if (journal.Kind == RunKind.Export)
            await journal.WithdrawAsync(cancellationToken);
        await journal.DeleteAsync(cancellationToken);
    }
}
