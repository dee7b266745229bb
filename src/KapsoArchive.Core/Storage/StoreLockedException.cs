namespace KapsoArchive.Core.Storage;

/// <summary>Another holder has the store's lock.</summary>
/// <param name="isSilent">Whether the holder has not renewed the lock for a whole term.</param>
public sealed class StoreLockedException(string location, LockHolder holder, TimeSpan term, bool isSilent = false)
    : StoreException($"{location} is in use {holder.Describe()}. {Advice(holder, term, isSilent)}")
{
    /// <summary>The holder; <see cref="LockHolder.Unknown"/> if it cannot be read.</summary>
    public LockHolder Holder => holder;

    private static string Advice(LockHolder holder, TimeSpan term, bool isSilent) => holder.Advice() ?? (isSilent
        ? $"It holds the lock, but has given no sign of life for {term.TotalSeconds:0} seconds: end it, or take the lock from it with "
            + "kapso-archive run --break-lock."
        : $"Wait until it ends; if it died, the lock expires within {term.TotalSeconds:0} seconds.");
}
