namespace KapsoArchive.Core.Storage.Folders;

/// <summary>A store in a folder: data in <c>DIR/</c>, state in <c>DIR/_state/</c>, exports in <c>DIR/exports/</c>. Files are staged in
/// <c>DIR/_state/staging/</c> and renamed into place, so the folder must be on one file system.</summary>
/// <remarks>
/// Reads and writes documents and listings on the caller's thread. File systems have no asynchronous calls; .NET would only move the wait
/// to another thread.
/// </remarks>
public sealed class FolderStore : IStore
{
    /// <summary>A temporary document of this age was left behind by a killed process.</summary>
    private static readonly TimeSpan TemporaryLife = TimeSpan.FromDays(1);

    private readonly FolderLayout _layout;
    private readonly FolderLock _lock;
    private readonly FolderModes _modes;
    private readonly TimeProvider _timeProvider;
    private bool _isPrepared;

    /// <param name="folder">The folder. <see cref="PrepareAsync"/> creates it if it is missing. A relative path starts at the working
    /// directory.</param>
    /// <param name="timeProvider">The clock for locks and for waiting on another writer; the system clock by default.</param>
    /// <param name="fileMode">Permissions of data files; null: owner only, or those of the existing archive. Ignored on Windows.</param>
    public FolderStore(string folder, TimeProvider? timeProvider = null, UnixFileMode? fileMode = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _layout = new FolderLayout(folder);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _modes = new FolderModes(_layout, fileMode);
        _lock = new FolderLock(_layout.LockFile, _modes, _timeProvider);
    }

    public string Location => _layout.Root;

    public string LocationOf(StoreArea area) => _layout.Area(area);

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        byte[] check = "A store can be written where this can."u8.ToArray();
        return FolderFault.ExplainAsync(
            _layout.Area(StoreArea.State),
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                CheckPresent();
                FolderNetwork.Check(_layout.Root);
                _layout.CheckLinks();
                foreach (StoreArea area in Enum.GetValues<StoreArea>())
                    _modes.CreateFolder(area, _layout.Area(area));
                _modes.CloseAreas();
                string temporary = WriteTemporary(check, StoreArea.State);
                FolderLock.CheckEnforced(temporary);
                File.Delete(temporary);
                foreach (FileInfo left in new DirectoryInfo(_layout.Temporary).EnumerateFiles()
                    .Where(file => _timeProvider.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > TemporaryLife))
                    left.Delete();
                _isPrepared = true;
                return Task.FromResult(true);
            },
            () => check.Length);
    }

    public string? Remark => _modes.Remark();

    public Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken) =>
        ExplainAsync(path, () => Task.FromResult<StagingStream>(new FolderStagingStream(path, stage, _layout, _modes)));

    public Task RevealAsync(StagedFile file, CancellationToken cancellationToken) => ExplainAsync(file.Path, async () =>
    {
        string staged = _layout.StagingFile(file.Stage, file.Attempt);
        string target = _layout.File(file.Path);
        if (await TryMoveAsync(file.Path, staged, target, cancellationToken))
            return;
        if (!File.Exists(target))
            throw new StagedFileLostException($"The staged file {staged} is gone, and {target} does not exist.");
        if (!await IsSameAsync(target, file, cancellationToken))
            throw new StoreConflictException($"{target} already exists with other content. It was not changed.");
        if (File.Exists(staged)) // Its folder may be gone too.
            File.Delete(staged);
    });

    public Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken) =>
        FolderFault.ExplainAsync(_layout.Stage(stage), () =>
        {
            if (Directory.Exists(_layout.Stage(stage)))
                Directory.Delete(_layout.Stage(stage), recursive: true);
            return Task.FromResult(true);
        });

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => ExplainAsync(file.Path, async () =>
    {
        string target = _layout.File(file.Path);
        using IDisposable held = await _lock.AcquireAsync(cancellationToken);
        if (File.Exists(target) && await IsSameAsync(target, file, cancellationToken))
            File.Delete(target);
        if (file.Path.Area == StoreArea.Exports && Directory.Exists(Path.GetDirectoryName(target)))
            DeleteEmptyParents(target, _layout.Area(file.Path.Area)); // A failed export leaves nothing behind, including its folder.
    });

    public Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken) => ExplainAsync(path, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        using FileStream? stream = TryOpen(_layout.File(path), FolderLayout.ReachOf(path));
        if (stream is null)
            return Task.FromResult<StoredDocument?>(null);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Task.FromResult<StoredDocument?>(new StoredDocument(content, ETagOf(content)));
    });

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) =>
        ExplainAsync(path, () => Task.FromResult<Stream?>(
            TryOpen(_layout.File(path), FolderLayout.ReachOf(path)) is { } content
                ? new StoredStream(content, FolderFault.Explains, exception => FolderFault.Explain(exception, content.Name))
                : null));

    public Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        Task.FromResult<Uri?>(null);

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        ReplaceAsync(path, content, etag: null, cancellationToken);

    public Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken) =>
        ExplainAsync(path, async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            string target = _layout.File(path);
            string temporary = WriteTemporary(content.Span, path.Area);
            try
            {
                using IDisposable held = await _lock.AcquireAsync(cancellationToken);
                StoredDocument? current = await ReadAsync(path, cancellationToken);
                if (current?.ETag != etag)
                    throw new StoreConflictException($"{target} has changed since it was read. It was not overwritten.");
                _modes.CreateParent(path.Area, target);
                await MoveAsync(temporary, path, ETagOf(content.Span), cancellationToken);
                return ETagOf(content.Span);
            }
            finally
            {
                File.Delete(temporary);
            }
        }, () => content.Length);

    public IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken) =>
        StoredEntry.FilesAsync(ListEntriesAsync(area, prefix, cancellationToken), LocationOf(area));

    public async IAsyncEnumerable<StoredEntry> ListEntriesAsync(
        StoreArea area, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<StoredEntry> entries = await FolderFault.ExplainAsync(_layout.Area(area), () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckPresent();
            return Task.FromResult(_layout.Entries(area, prefix).ToList());
        });
        foreach (StoredEntry entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            yield return entry;
    }

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken)
    {
        StorePath.CheckDeletable(path);
        return ExplainAsync(path, async () =>
        {
            string target = _layout.File(path);
            using IDisposable held = await _lock.AcquireAsync(cancellationToken);
            FolderLocking.ForgetGuard(target);
            if (!Directory.Exists(Path.GetDirectoryName(target)))
                return;
            File.Delete(target);
            DeleteEmptyParents(target, _layout.Area(path.Area));
        });
    }

    public Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken) =>
        Locking(path).TakeAsync(purpose, cancellationToken);

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) =>
        Locking(path).ReadAsync(cancellationToken);

    public Task BreakLockAsync(StorePath path, LockHolder holder, CancellationToken cancellationToken) =>
        Locking(path).BreakAsync(holder, _lock, cancellationToken);

    /// <returns>False if the source is missing or the target exists.</returns>
    private async Task<bool> TryMoveAsync(StorePath path, string staged, string target, CancellationToken cancellationToken)
    {
        // Under the lock, because File.Move checks the target before it renames and would replace a file created in between.
        using IDisposable held = await _lock.AcquireAsync(cancellationToken);
        if (!File.Exists(staged) || File.Exists(target))
            return false;
        _modes.CreateParent(path.Area, target);
        _modes.Apply(path.Area, staged);
        File.Move(staged, target, overwrite: false);
        return true;
    }

    /// <summary>Moves a document into place. A network file system may report that a rename failed although it succeeded: the answer to the
    /// first try was lost.</summary>
    private async Task MoveAsync(string temporary, StorePath path, string etag, CancellationToken cancellationToken)
    {
        try
        {
            File.Move(temporary, _layout.File(path), overwrite: true);
        }
        catch (IOException)
        {
            if (File.Exists(temporary) || (await ReadAsync(path, cancellationToken))?.ETag != etag)
                throw;
        }
    }

    private async Task<bool> IsSameAsync(string target, StagedFile file, CancellationToken cancellationToken)
    {
        await using FileStream? stream = TryOpen(target);
        return stream is not null && stream.Length == file.Length
            && Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) == file.Sha256;
    }

    private FileStream? TryOpen(string file, string reach = "")
    {
        if (RegularFile.TryOpen(file) is not { } stream)
            return null;
        try
        {
            _layout.Links.Check(stream.SafeFileHandle, file, reach);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <param name="area">The area in which it will be visible.</param>
    private string WriteTemporary(ReadOnlySpan<byte> content, StoreArea area)
    {
        string temporary = _layout.NewTemporaryFile();
        _modes.CreateParent(StoreArea.State, temporary);
        using FileStream stream = new(temporary, FolderModes.NewFile(bufferSize: 0));
        try
        {
            stream.Write(content);
            _modes.Apply(area, temporary);
            stream.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Fails if a store that existed is missing, for example because its disk was removed. It must not appear empty or be created
    /// again.</summary>
    private void CheckPresent()
    {
        string state = _layout.Area(StoreArea.State);
        if (_isPrepared && !Directory.Exists(state))
            throw new StoreException($"{state} has disappeared: restore it, or restart the program to create a new one.");
    }

    private FolderLocking Locking(StorePath path)
    {
        CheckPresent();
        StorePath.CheckLockable(path);
        return new FolderLocking(_layout.File(path), _layout, _modes, _timeProvider);
    }

    // Under the lock, as creation is: no writer is about to use a folder found empty.
    private static void DeleteEmptyParents(string file, string area)
    {
        for (string parent = Path.GetDirectoryName(file)!;
            parent != area && !Directory.EnumerateFileSystemEntries(parent).Any();
            parent = Path.GetDirectoryName(parent)!)
            Directory.Delete(parent);
    }

    private static string ETagOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private Task<bool> ExplainAsync(StorePath path, Func<Task> action) => ExplainAsync(path, async () =>
    {
        await action();
        return true;
    });

    private Task<T> ExplainAsync<T>(StorePath path, Func<Task<T>> action, Func<long>? needed = null) => FolderFault.ExplainAsync(
        _layout.File(path),
        () =>
        {
            CheckPresent();
            _layout.Links.Check(_layout.File(path));
            return action();
        },
        needed);
}
