using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Cli;

/// <summary><c>--break-lock</c>: takes the archive's lock from a holder that is proven dead, or that the person at the terminal gives up.</summary>
internal static class LockBreaking
{
    private const string Yes = "yes";

    /// <summary>Does the work; if somebody holds the lock, takes it away and does the work once more.</summary>
    /// <exception cref="StoreLockedException">The lock stays with its holder: nobody could be asked, or said no.</exception>
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
            await Terminal.TellAsync("The lock was taken away. If that process goes on, it stops at its next look at the lock, within seconds.");
        }

        return await work();
    }

    private static async Task<bool> IsGivenUpAsync(StoreLockedException locked, CancellationToken cancellationToken)
    {
        await Terminal.TellAsync(locked.Message);
        if (!Terminal.CanAsk)
        {
            await Terminal.TellAsync("It is not proven that this process is dead, so --break-lock asks first, and here nobody can be asked: type the command on a terminal, or end that process.");
            return false;
        }

        return await Terminal.AskAsync($"Take the lock from it? It must not go on with this archive. Type {Yes} to do so: ", cancellationToken) == Yes;
    }
}
