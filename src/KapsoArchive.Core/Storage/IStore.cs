namespace KapsoArchive.Core.Storage;

/// <summary>
/// Where bytes land. Large files are staged, invisible, and revealed whole; small documents are written at once, guarded by
/// their ETag. Every method throws <see cref="StoreException"/> where the store cannot be reached, written or read.
/// Safe for concurrent use, also by several processes.
/// </summary>
public interface IStore
{
    /// <summary>For messages to people: the folder's full path, or the container's URL without query or secret.</summary>
    string Location { get; }

    /// <summary>As <see cref="Location"/>, of one area.</summary>
    string LocationOf(StoreArea area);

    /// <summary>What an operator should know about how the store is kept, in whole sentences with what to do; null if there is nothing.</summary>
    string? Remark => null;

    /// <summary>Creates the folders or containers that are missing and proves that they can be written, leaving nothing visible.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Starts a file that stays invisible until it is revealed. The stage is the group it belongs to, one path segment: the run's id.
    /// </summary>
    Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a staged file visible, whole and at once. Safe to repeat, from any process: it succeeds where exactly this file is visible already.
    /// </summary>
    /// <exception cref="StoreConflictException">A different file is visible at that path; it stays.</exception>
    /// <exception cref="StagedFileLostException">The staged bytes are gone and no file is visible.</exception>
    Task RevealAsync(StagedFile file, CancellationToken cancellationToken);

    /// <summary>Drops a staged file that will not be revealed. Blob containers keep the uncommitted blocks for a week, invisible: there it does nothing.</summary>
    Task DiscardAsync(StagedFile file, CancellationToken cancellationToken);

    /// <summary>Drops all that is left in a stage, also what a killed process never completed.</summary>
    /// <returns>False where the bytes stay, invisible, until the store drops them by itself: in blob containers, as above.</returns>
    Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back what <see cref="RevealAsync"/> made visible, for a run that failed before its manifest: nobody was told of the file. Nothing happens where
    /// it is not visible, another file is, or a policy of the store keeps it.
    /// </summary>
    Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken);

    /// <summary>Reads a small document whole; null where there is none.</summary>
    /// <exception cref="RefusedFileException">Something else than a file lies there, or a link that leads out of the store.</exception>
    Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Opens a visible file for reading, seekable; null where there is none. Reading it throws <see cref="StoreException"/> too.</summary>
    /// <exception cref="RefusedFileException">As above.</exception>
    Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a link with which anybody who has it can read this one file until it expires, and do nothing else. Whether the file is there is not looked at.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="fileName">The name under which a browser saves it.</param>
    /// <param name="life">How long it works from now; a day at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where the store has no such links: a folder. Then the file is to be read with <see cref="OpenReadAsync"/>.</returns>
    Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a small document that must not exist yet, atomically. A write that failed is looked for before it counts as failed: of one whose answer was
    /// lost the caller learns nothing. Only a <see cref="StoreException"/> that is no conflict leaves open whether it was written.
    /// </summary>
    /// <exception cref="StoreConflictException">It exists, by another write: also if that one wrote the same.</exception>
    Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a small document if nobody did since it was read with this ETag (null: if there is none yet); readers see the old or the new one.
    /// </summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StoreConflictException">It changed, appeared or vanished since, as in <see cref="CreateAsync"/> by another write.</exception>
    Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the visible files of an area whose names start with the prefix, in ordinal order of their names. The prefix is
    /// compared as text, so it need not end at a '/'; empty for all. Names that no <see cref="StorePath"/> can be are left out.
    /// </summary>
    /// <exception cref="RefusedFileException">The prefix leads through a link that leads out of the store.</exception>
    IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken);

    /// <summary>As <see cref="ListAsync"/>, but everything that lies there, whatever its name and kind: what others put there is readable too.</summary>
    IAsyncEnumerable<StoredEntry> ListEntriesAsync(StoreArea area, string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a document or file of the state or exports area. Nothing happens where there is none.</summary>
    /// <exception cref="ArgumentException">The path is in the data area, which only grows.</exception>
    Task DeleteAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a lock that one holder at a time can have, across processes and machines, until it is disposed, dies, or can no longer reach the store. A dead
    /// holder's lock is free at once where its death can be seen from here, and within a minute elsewhere.
    /// </summary>
    /// <param name="path">The lock's place in the state area.</param>
    /// <param name="purpose">What for, in the words that others are told.</param>
    /// <param name="cancellationToken">Gives up taking it; a lock that is held is not affected.</param>
    /// <exception cref="StoreLockedException">Somebody else holds it, be it another task of this process; the message says who.</exception>
    /// <exception cref="ArgumentException">The path is not in the state area.</exception>
    Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken);

    /// <summary>Asks who holds a lock, without taking it.</summary>
    /// <returns>Null where nobody does; <see cref="LockHolder.Unknown"/> where somebody does who cannot be told.</returns>
    /// <exception cref="ArgumentException">The path is not in the state area.</exception>
    Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Takes a lock away from a holder that a person has given up. Nothing happens if somebody else holds it by now.</summary>
    /// <exception cref="StoreException">The store has locks that free themselves within a minute, and needs nobody to break one.</exception>
    Task BreakLockAsync(StorePath path, LockHolder holder, CancellationToken cancellationToken) =>
        throw new StoreException($"A lock in {Location} frees itself within a minute, also if its holder is suspended: wait, and start the run again.");
}
