namespace KapsoArchive.Core.Storage;

/// <summary>Stores files and documents. Large files are staged, invisible, and then revealed as a whole. Small documents are written at
/// once, guarded by their ETag. Every method throws <see cref="StoreException"/> if the store cannot be reached, written or read. Safe for
/// concurrent use, also by several processes.</summary>
public interface IStore
{
    /// <summary>The folder's full path, or the container's URL without query or secret. For messages to people.</summary>
    string Location { get; }

    /// <summary>Same as <see cref="Location"/>, for one area.</summary>
    string LocationOf(StoreArea area);

    /// <summary>A note for the operator about the store's setup, in whole sentences with the fix; null if all is well.</summary>
    string? Remark => null;

    /// <summary>Creates missing folders or containers and proves that they are writable. Leaves nothing visible.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Starts a file that stays invisible until it is revealed. The stage is the group it belongs to, one path segment: the run's
    /// id. The token also cancels writes to the file that have none.</summary>
    Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken);

    /// <summary>Makes a staged file visible, whole and at once. Safe to repeat from any process: it succeeds if exactly this file is
    /// visible already.</summary>
    /// <exception cref="StoreConflictException">A different file is visible at that path. It is left unchanged.</exception>
    /// <exception cref="StagedFileLostException">The staged bytes are gone and the file is not visible.</exception>
    Task RevealAsync(StagedFile file, CancellationToken cancellationToken);

    /// <summary>Deletes everything in a stage, including the remains of a killed process.</summary>
    /// <returns>False if the bytes stay, invisible, until the store drops them by itself: Azure keeps uncommitted blocks for a
    /// week.</returns>
    Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken);

    /// <summary>Undoes <see cref="RevealAsync"/> for a run that failed before its manifest. No manifest names the file yet. Does nothing if
    /// the file is not visible, if another file is, or if a policy of the store protects it.</summary>
    Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken);

    /// <summary>Reads a small document; null if it does not exist.</summary>
    /// <exception cref="RefusedFileException">The path holds something other than a file, or a link that leads out of the
    /// store.</exception>
    Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Opens a visible file for reading, seekable; null if it does not exist. Reading it throws <see cref="StoreException"/>
    /// too.</summary>
    /// <exception cref="RefusedFileException">See above.</exception>
    Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Creates a link that lets anyone who has it read this one file until it expires. It does not check whether the file
    /// exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fileName">The name under which a browser saves the file.</param>
    /// <param name="life">How long the link works from now; at most one day.</param>
    /// <returns>Null if the store cannot create links (a folder). Use <see cref="OpenReadAsync"/> instead.</returns>
    Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Writes a small document that must not exist yet, atomically. After a failure it looks for the document, so a lost answer
    /// does not reach the caller. Only a <see cref="StoreException"/> that is not a conflict leaves open whether the document was
    /// written.</summary>
    /// <exception cref="StoreConflictException">It exists, from another write, even one of the same content.</exception>
    Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Replaces a small document if it is unchanged since it was read with this ETag (null: if it does not exist yet). Readers see
    /// the old or the new one.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StoreConflictException">Another write changed, created or deleted it, as for <see cref="CreateAsync"/>.</exception>
    Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken);

    /// <summary>Lists the visible files of an area whose names start with the prefix, in ordinal order of their names. The prefix is plain
    /// text and need not end with '/'; empty for all. Names that are not valid for a <see cref="StorePath"/> are omitted.</summary>
    /// <exception cref="RefusedFileException">The prefix contains a link that leads out of the store.</exception>
    IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken);

    /// <summary>Same as <see cref="ListAsync"/>, but for every entry whatever its name and kind. Foreign files are visible to readers
    /// too.</summary>
    IAsyncEnumerable<StoredEntry> ListEntriesAsync(StoreArea area, string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a document or file of the state or exports area. Does nothing if it does not exist.</summary>
    /// <exception cref="ArgumentException">The path is in the data area, which is append-only.</exception>
    Task DeleteAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Takes an exclusive lock, across processes and machines, until it is disposed, its process dies, or the store is out of
    /// reach. If this machine can see that the holder died, the lock is free at once; otherwise within a minute.</summary>
    /// <param name="path">The lock's place in the state area.</param>
    /// <param name="purpose">The reason for the lock, shown to others.</param>
    /// <param name="cancellationToken">Cancels the attempt. A lock already held is not affected.</param>
    /// <exception cref="StoreLockedException">Another holder has it, possibly another task of this process. The message names the
    /// holder.</exception>
    /// <exception cref="ArgumentException">The path is not in the state area.</exception>
    Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken);

    /// <summary>Reads who holds a lock, without taking it.</summary>
    /// <returns>Null if the lock is free; <see cref="LockHolder.Unknown"/> if the holder cannot be identified.</returns>
    /// <exception cref="ArgumentException">The path is not in the state area.</exception>
    Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken);

    /// <summary>Takes a lock from a holder that an operator considers dead. Does nothing if the lock has another holder by now.</summary>
    /// <exception cref="StoreException">The store's locks expire within a minute, so breaking one is unnecessary.</exception>
    Task BreakLockAsync(StorePath path, LockHolder holder, CancellationToken cancellationToken) =>
        throw new StoreException(
            $"A lock in {Location} expires within a minute, even if its holder is suspended: wait, then start the run again.");
}
