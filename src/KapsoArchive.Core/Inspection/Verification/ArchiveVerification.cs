using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Verifies an archive: that every committed run is there as it was committed, that nothing else is, and that the index says what the parts say. Needs no source.</summary>
public sealed class ArchiveVerification(IStore store, TimeProvider time)
{
    /// <param name="request">What to verify.</param>
    /// <param name="tracker">Told how far it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingException">There is no archive, or no such run.</exception>
    /// <exception cref="StoreLockedException">A run is under way, or another verification.</exception>
    /// <exception cref="StoreException">The store failed; or the index was to be rebuilt and a file that this takes is damaged.</exception>
    public async Task<VerificationReport> VerifyAsync(VerificationRequest request, VerificationTracker tracker, CancellationToken cancellationToken)
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
            throw new StoreException($"The lock of {store.Location} could not be kept, so the verification was stopped. Start it again.", e);
        }
    }

    /// <summary>Before the lock is taken, which writes: a folder that is none of ours stays as it is.</summary>
    private async Task CheckThatThereIsOneAsync(CancellationToken cancellationToken)
    {
        if (await ArchivePresence.IsThereAsync(store, cancellationToken))
            return;
        IReadOnlyList<string> unfinished = await RunJournal.UnfinishedAsync(store, RunKind.Archive, cancellationToken);
        throw ArchivePresence.None(store, unfinished.Count == 0 ? "" : $" Run {unfinished[^1]} is unfinished; the next run goes on with it.");
    }
}
