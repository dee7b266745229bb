namespace KapsoArchive.Cli;

/// <summary><c>--break-lock</c>: takes the archive's lock if its holder is proven dead or the user at the terminal confirms.</summary>
internal static class LockBreaking
{
    private const string Yes = "yes";

    /// <summary>Does the work. If the lock is held, breaks it and repeats the work once.</summary>
    /// <exception cref="StoreLockedException">The lock stays with its holder: the user declined, or there is no terminal to ask
    /// on.</exception>
    public static async Task<T> DoAsync<T>(IStore store, bool mayBreak, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (StoreLockedException e) when (mayBreak)
        {
            if (!e.Holder.IsSurelyDead() && !await IsGivenUpAsync(e, cancellationToken))
                throw;
            await store.BreakLockAsync(ArchiveLock.Path, e.Holder, cancellationToken);
            await Terminal.TellAsync(
                "The lock was taken. If that process continues, it stops within seconds, at its next check of the lock.");
        }

        return await work();
    }

    private static async Task<bool> IsGivenUpAsync(StoreLockedException locked, CancellationToken cancellationToken)
    {
        await Terminal.TellAsync(locked.Message);
        if (!Terminal.CanAsk)
        {
            await Terminal.TellAsync("That process is not proven dead, so --break-lock needs your confirmation, and there is no " +
                "terminal to ask on. Type the command on a terminal, or end that process.");
            return false;
        }

        return await Terminal.AskAsync(
            $"Take the lock from it? That process must not continue with this archive. Type {Yes} to confirm: ", cancellationToken) == Yes;
    }
}
