namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Verifies an archive: every committed run is as it was committed, the data area contains no other files, and the index agrees
/// with the parts. Needs no access to the source.</summary>
public sealed class ArchiveVerification(IStore store, TimeProvider time)
{
    /// <exception cref="SettingException">The archive or the run does not exist.</exception>
    /// <exception cref="StoreLockedException">A run or another verification is in progress.</exception>
    /// <exception cref="StoreException">The store failed, or a file needed for rebuilding the index is damaged.</exception>
    public async Task<VerificationReport> VerifyAsync(
        VerificationRequest request, VerificationTracker tracker, CancellationToken cancellationToken)
    {
        await CheckThatThereIsOneAsync(cancellationToken);
        await using StoreLock held = await store.LockAsync(ArchiveLock.Path, ArchiveLock.Verification, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        try
        {
            return await new VerificationPass(store, request, tracker, time).ExecuteAsync(either.Token);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(
                $"The lock of {store.Location} was lost, so the verification was stopped. Start it again.", e);
        }
    }

    /// <summary>Runs before the lock is taken, because taking it writes: a folder that is not an archive stays unchanged.</summary>
    private async Task CheckThatThereIsOneAsync(CancellationToken cancellationToken)
    {
        if (await ArchivePresence.IsThereAsync(store, cancellationToken))
            return;
        IReadOnlyList<string> unfinished = await RunJournal.UnfinishedAsync(store, RunKind.Archive, cancellationToken);
        throw ArchivePresence.None(store, unfinished.Count == 0
            ? ""
            : $" Run {unfinished[^1]} is unfinished; the next run continues it.");
    }
}
