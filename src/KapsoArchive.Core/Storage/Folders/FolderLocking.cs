namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Takes a lock with two parts. The first is a file opened without sharing, which the system releases when the process dies. The
/// second is a document that the holder renews; it keeps out other machines if a network file system does not enforce the first. On such a
/// system two processes that start in the same instant may both get the lock; one of them detects it at the next renewal.</summary>
internal sealed class FolderLocking(string file, FolderLayout layout, FolderModes modes, TimeProvider timeProvider)
{
    /// <summary>A holder that cannot be seen from this machine counts as dead after this time without a renewal.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(60);

    private string Guard => GuardOf(file);

    /// <summary>Deletes the remaining file of a lock that was released and will not be taken again. Does nothing if the lock is
    /// held.</summary>
    public static void ForgetGuard(string file)
    {
        if (!File.Exists(GuardOf(file)))
            return;
        using FileStream? guard = FolderLock.TryOpen(GuardOf(file));
        if (guard is not null)
            File.Delete(GuardOf(file));
    }

    public Task<StoreLock> TakeAsync(string purpose, CancellationToken cancellationToken) => FolderFault.ExplainAsync(file, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        modes.CreateParent(StoreArea.State, file);
        if (FolderLock.TryOpen(Guard) is not { } guard)
            throw Locked(Find());
        try
        {
            FolderLock.CheckHeld(Guard);
            long asked = timeProvider.GetTimestamp();
            LockDocument mine = LockDocument.Mine(purpose, timeProvider);
            Sign(mine, guard);
            return Task.FromResult(new StoreLock(new FolderLockClaim(this, guard, mine, timeProvider), mine.Holder, asked, timeProvider));
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    });

    /// <returns>Null if the lock is free.</returns>
    public Task<LockHolder?> ReadAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(file, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Find() is { } found && (IsHeld(found) || found.Holder.IsSurelyAlive()) ? found.Holder : null);
    });

    /// <summary>Takes the lock from its holder. The holder's file is moved aside without opening it, so a suspended holder blocks no one.
    /// The holder notices at its next renewal; until then the ETag condition of each document protects it.</summary>
    /// <param name="holder">The expected holder. Does nothing if the lock has another holder by now.</param>
    /// <param name="documents">The lock of the folder's documents, which a suspended holder may hold too.</param>
    public Task BreakAsync(LockHolder holder, FolderLock documents, CancellationToken cancellationToken) =>
        FolderFault.ExplainAsync(file, async () =>
        {
            IDisposable? held = await documents.TryAcquireAsync(cancellationToken);
            if (held is null)
                documents.Replace();
            using (held ?? await documents.AcquireAsync(cancellationToken))
            {
                if ((Find()?.Holder ?? LockHolder.Unknown) != holder)
                    return;
                File.Delete(Guard);
                Delete();
            }
        });

    /// <summary>Reads the lock's document, whether or not its holder is alive.</summary>
    public LockDocument? Find()
    {
        layout.Links.Check(file);
        using FileStream? stream = RegularFile.TryOpen(file);
        if (stream is null)
            return null;
        using MemoryStream content = new();
        stream.CopyTo(content);
        DateTimeOffset writtenAt = new(File.GetLastWriteTimeUtc(stream.SafeFileHandle));
        LockDocument found = LockDocument.Parse(content.ToArray(), writtenAt);

        // A renewal time in the future, from a wrong clock, would otherwise block everyone until then.
        return found.RenewedAt - timeProvider.GetUtcNow() > Term ? found with { RenewedAt = writtenAt } : found;
    }

    /// <summary>Replaces the document. Readers see the old or the new one.</summary>
    public void Replace(LockDocument document)
    {
        string temporary = layout.NewTemporaryFile();
        modes.CreateParent(StoreArea.State, temporary);
        try
        {
            using (FileStream stream = new(temporary, FolderModes.NewFile(bufferSize: 0)))
                stream.Write(document.ToJson());
            modes.Apply(StoreArea.State, temporary);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Delete() => File.Delete(file);

    private static string GuardOf(string file) => Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.held");

    private void Sign(LockDocument mine, FileStream guard)
    {
        if (Find() is { } found)
        {
            if (IsHeld(found) && !HasDiedUnsigned(found, guard))
                throw Locked(found);
            Delete();
        }
        Announce(mine, guard);
        using FileStream stream = Create();
        try
        {
            stream.Write(mine.ToJson());
        }
        catch
        {
            Delete();
            throw;
        }
    }

    private FileStream Create()
    {
        try
        {
            // Creating a file is exclusive on every file system, even if a second machine can open the guard.
            FileStreamOptions options = FolderModes.NewFile(bufferSize: 0);
            options.Share = FileShare.ReadWrite | FileShare.Delete;
            FileStream created = new(file, options);
            modes.Apply(StoreArea.State, file);
            return created;
        }
        catch (IOException) when (File.Exists(file))
        {
            throw Locked(Find());
        }
    }

    /// <summary>Written to the guard first. It identifies a process that died between creating the document and writing it.</summary>
    private static void Announce(LockDocument mine, FileStream guard)
    {
        guard.SetLength(0);
        guard.Write(mine.ToJson());
    }

    /// <summary>Whether the document is empty because the last process to announce one died before it wrote it.</summary>
    private static bool HasDiedUnsigned(LockDocument found, FileStream guard)
    {
        if (found.Holder != LockHolder.Unknown)
            return false;
        byte[] announced = new byte[guard.Length];
        guard.ReadExactly(announced);
        guard.Position = 0;
        return LockDocument.Parse(announced, found.RenewedAt).Holder.IsSurelyDead();
    }

    private bool IsHeld(LockDocument found) => timeProvider.GetUtcNow() - found.RenewedAt <= Term && !found.Holder.IsSurelyDead();

    private StoreLockedException Locked(LockDocument? found) =>
        new(layout.Root, found?.Holder ?? LockHolder.Unknown, Term, found is not null && timeProvider.GetUtcNow() - found.RenewedAt > Term);
}
