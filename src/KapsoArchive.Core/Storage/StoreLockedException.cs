namespace KapsoArchive.Core.Storage;

/// <summary>Somebody else holds the store's lock.</summary>
public sealed class StoreLockedException : StoreException
{
    internal StoreLockedException(string location, LockHolder holder, TimeSpan term)
        : base($"{location} is in use {holder.Describe()}. Wait until it has ended; if it died, the lock frees itself within {term.TotalSeconds:0} seconds.")
    {
        Holder = holder;
    }

    /// <summary>Who holds it; <see cref="LockHolder.Unknown"/> where that cannot be read.</summary>
    public LockHolder Holder { get; }
}
