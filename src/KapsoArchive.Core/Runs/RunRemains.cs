namespace KapsoArchive.Core.Runs;

/// <summary>What remains of a run that has ended: its record, its staged files, and its journal.</summary>
internal sealed class RunRemains(IStore store, TimeProvider time, RunJournal journal)
{
    /// <summary>The run's manifest if it is committed; null if it does not exist, or only closes the run.</summary>
    public async Task<Manifest?> CommittedAsync(CancellationToken cancellationToken) =>
        (await new CommittedRuns(store, journal.Kind).FindAsync(journal.RunId, cancellationToken))?.Manifest
            is { Status: not Manifest.Closed } manifest
            ? manifest
            : null;

    /// <summary>Clears away a run that can no longer be committed, because it has ended or another was committed since it began.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task SupersedeAsync(CancellationToken cancellationToken)
    {
        Manifest? committed = await CommittedAsync(cancellationToken);
        if (committed is null)
            await WithdrawAsync(cancellationToken);
        const string Reason = "Another run was committed while this one was paused. "
            + "Nothing is lost: the next run reads what this one did not read.";
        await EndRecordAsync(committed, RunStatus.Canceled, Reason, cancellationToken);
        await DropAsync(cancellationToken);
    }

    /// <summary>Checks what another writer made of the run. If it has ended, this writer's staged files since then belong to
    /// nobody.</summary>
    /// <returns>The manifest, if it was committed.</returns>
    public async Task<Manifest?> OvertakenAsync(CancellationToken cancellationToken)
    {
        if (!await journal.ExistsAsync(cancellationToken))
            await store.DiscardStageAsync(journal.RunId, cancellationToken);
        return await CommittedAsync(cancellationToken);
    }

    /// <param name="committed">Its manifest; null if it is not committed.</param>
    /// <param name="status">How it ended if it is not committed.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async Task EndRecordAsync(Manifest? committed, RunStatus status, string reason, CancellationToken cancellationToken)
    {
        var records = new ProgressDocuments(store, journal.Kind);
        if (await records.TryReadAsync(journal.RunId, cancellationToken) is not { HasEnded: false } record)
            return;
        DateTimeOffset now = time.GetUtcNow();
        await records.WriteAsync(
            record with
            {
                Status = committed is null ? status : Enum.Parse<RunStatus>(committed.Status),
                Error = reason,
                Interrupted = false,
                UpdatedAt = now,
                FinishedAt = committed?.FinishedAt ?? now,
                Manifest = committed is null ? null : journal.Manifest.Name,
            },
            cancellationToken);
    }

    /// <summary>Deletes what remains. The journal goes last: without it nobody returns to this run, and unfinished work stays
    /// unfinished.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await store.DiscardStageAsync(journal.RunId, cancellationToken);
        await journal.DeleteAsync(cancellationToken);
    }

    /// <summary>Withdraws what is visible of an export that is not committed, or of a run that an earlier program, without claims, left
    /// visible.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadAsync(journal.Manifest, cancellationToken) is not null)
                return;
            foreach (RunFile file
                in (await journal.ReadCommitAsync(cancellationToken))?.Files ?? await PartsOfPagesAsync(cancellationToken))
                await store.WithdrawAsync(file.Staged, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Then `kapso-archive verify` finds what may be visible of it.
        }
    }

    /// <summary>The parts of an export from which pages are made. They become visible before all the others.</summary>
    private async Task<IReadOnlyList<RunFile>> PartsOfPagesAsync(CancellationToken cancellationToken) =>
        await journal.ReadHeadAsync(cancellationToken) is { HasPages: true } ? [.. (await journal.LoadAsync(cancellationToken)).Files] : [];
}
