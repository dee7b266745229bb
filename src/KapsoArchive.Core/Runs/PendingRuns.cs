using KapsoArchive.Core.Journal.Claims;

namespace KapsoArchive.Core.Runs;

/// <summary>Finds the archive runs that must be finished before another begins, and clears away those that can no longer be
/// finished.</summary>
internal sealed class PendingRuns(IStore store, RunClaims claims, TimeProvider time)
{
    /// <returns>The runs to finish, the most recently claimed first, because it may be partly visible.</returns>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<IReadOnlyList<RunJournal>> SettleAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RunJournal> pending = await RunJournal.PendingAsync(store, RunKind.Archive, cancellationToken);
        ClaimDocument? newest = await claims.NewestAsync(cancellationToken);
        if (newest is { Phase: ClaimPhase.Publishing } && !pending.Any(p => p.RunId == newest.RunId))
            await CloseLostAsync(newest, cancellationToken);

        List<RunJournal> left = [];
        foreach (RunJournal journal in pending.OrderByDescending(p => p.RunId == newest?.RunId))
        {
            if (await claims.IsOverAsync(journal, cancellationToken))
                await SupersedeAsync(journal, cancellationToken);
            else
                left.Add(journal);
        }

        return left;
    }

    /// <summary>Clears away a run that can no longer be committed, because it has ended or another was committed since it began.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task SupersedeAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        Manifest? committed = await new CommittedRuns(store, journal.Kind).FindSnapshotAsync(journal.RunId, cancellationToken);
        if (committed is null)
            await journal.WithdrawAsync(cancellationToken);
        const string Reason = "Another run was committed while this one was paused. "
            + "Nothing is lost: the next run reads what this one did not read.";
        await new ProgressDocuments(store, journal.Kind).EndAsync(
            journal.RunId, committed, RunStatus.Canceled, Reason, time.GetUtcNow(), cancellationToken);
        await journal.DeleteAsync(cancellationToken);
    }

    /// <summary>Closes a run whose journal was lost during its publication, so that it cannot be finished.</summary>
    private async Task CloseLostAsync(ClaimDocument lost, CancellationToken cancellationToken)
    {
        await claims.CreateAsync(lost.RunId, lost.Predecessor, ClaimPhase.Publishing, cancellationToken);
        await new RunClosing(store, time, claims).CloseAsync(lost.RunId, head: null, commit: null, cancellationToken);
        await claims.CreateAsync(lost.RunId, lost.Predecessor, ClaimPhase.Done, cancellationToken);
    }
}
