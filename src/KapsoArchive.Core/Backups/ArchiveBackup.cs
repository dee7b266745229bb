namespace KapsoArchive.Core.Backups;

/// <summary>Copies an archive to another store, and takes such a copy over. Needs no access to the source of the messages.</summary>
public sealed class ArchiveBackup(IStore store, TimeProvider time)
{
    /// <summary>Copies what the copy lacks. Takes no lock of the archive: its data only grows, and the copy ends with the run that its
    /// index belongs to, so runs may go on meanwhile.</summary>
    /// <param name="target">The copy, or an empty place.</param>
    /// <exception cref="SettingException">There is no archive, or the target is another archive, was continued, or lies within the
    /// archive.</exception>
    /// <exception cref="StoreLockedException">Another backup or a verification is in progress in the target.</exception>
    /// <exception cref="StoreException">A store failed. The next backup goes on from there.</exception>
    public async Task<BackupReport> CopyAsync(IStore target, BackupTracker tracker, CancellationToken cancellationToken)
    {
        CheckApart(target);
        await ArchivePresence.CheckAsync(store, cancellationToken);
        try
        {
            await target.PrepareAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            throw new SettingException($"--to: {target.Location} cannot be used: {e.Message}", e);
        }

        return await HoldAsync(
            target, "a backup", token => new BackupPass(store, target, tracker, time).ExecuteAsync(token), cancellationToken);
    }

    /// <summary>Takes the copy over: runs are accepted from now on, and the first one reports which runs the copy lacks.</summary>
    /// <returns>What the copy was of, and its newest run; null if the archive is not marked as a copy. Then nothing is changed.</returns>
    /// <exception cref="SettingException">There is no archive, or the copy has no run yet.</exception>
    /// <exception cref="StoreLockedException">A backup or a verification is in progress.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<(string Of, string RunId)?> TakeOverAsync(CancellationToken cancellationToken)
    {
        await ArchivePresence.CheckAsync(store, cancellationToken);
        if (await CopyMark.ReadAsync(store, cancellationToken) is null)
            return null;
        return await HoldAsync<(string Of, string RunId)?>(store, "the takeover of a copy", async token =>
        {
            if (await CopyMark.ReadAsync(store, token) is not { } mark)
                return null;
            StoredManifest last = await new CommittedRuns(store).ReadAllAsync(upTo: null, token).LastAsync(token);
            DateTimeOffset now = time.GetUtcNow();
            var copy = new ContinuedCopy(mark.Of, last.RunId, last.Manifest?.FinishedAt ?? mark.MadeAt, now);
            await (ArchivePlace.Of(store, now) with { Continues = copy }).WriteAsync(store, token);
            await store.DeleteAsync(CopyMark.Path, token);
            return (copy.Of, copy.RunId);
        }, cancellationToken);
    }

    private static async Task<T> HoldAsync<T>(
        IStore store, string purpose, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using StoreLock held = await store.LockAsync(ArchiveLock.Path, purpose, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"The lock of {store.Location} was lost, so {purpose} was stopped. Start it again.", e);
        }
    }

    private void CheckApart(IStore target)
    {
        string[] ours = Places(store);
        string[] theirs = Places(target);
        if (ours.Any(o => theirs.Any(t => $"{t}/".StartsWith($"{o}/", StringComparison.Ordinal)
            || $"{o}/".StartsWith($"{t}/", StringComparison.Ordinal))))
        {
            throw new SettingException(
                $"--to: {target.Location} and the archive at {store.Location} lie within each other. Give another place for the copy.");
        }

        static string[] Places(IStore store) =>
            [.. Enum.GetValues<StoreArea>().Select(area => ArchivePlace.Key(store.LocationOf(area)).Replace('\\', '/'))];
    }
}
