namespace KapsoArchive.Core.Storage.Folders;

/// <summary>
/// Takes a lock by an open file that shares with nobody, which the system frees when the process dies, and a document beside it that is renewed: it keeps out
/// those on other machines where a network file system does not enforce the first. There two that start in the same instant may both get it; the next renewal
/// tells one of them.
/// </summary>
internal sealed class FolderLocking(string file, FolderLayout layout, FolderModes modes, TimeProvider timeProvider)
{
    /// <summary>After this long without a renewal a holder that cannot be seen from here counts as dead.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(60);

    private string Guard => GuardOf(file);

    /// <summary>Clears away what a lock leaves that was given back and is taken no more. Nothing happens where somebody holds it.</summary>
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

    /// <returns>Null where nobody holds the lock.</returns>
    public Task<LockHolder?> ReadAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(file, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Find() is { } found && (IsHeld(found) || found.Holder.IsSurelyAlive()) ? found.Holder : null);
    });

    /// <summary>
    /// Takes the lock away from its holder. A file that it holds is put aside and not opened, so a suspended holder keeps out nobody; it learns of it at its next renewal, and what it writes
    /// until then meets the conditions of each document.
    /// </summary>
    /// <param name="holder">Whom it is taken from. Nothing happens if somebody else holds it by now.</param>
    /// <param name="documents">The lock of the folder's documents, which a suspended holder may hold too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task BreakAsync(LockHolder holder, FolderLock documents, CancellationToken cancellationToken) => FolderFault.ExplainAsync(file, async () =>
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

    /// <summary>What the lock's document says, whether or not its holder lives.</summary>
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

        // A heart that beats in the future, by a clock that goes wrong, would keep everybody out until then.
        return found.RenewedAt - timeProvider.GetUtcNow() > Term ? found with { RenewedAt = writtenAt } : found;
    }

    /// <summary>Puts the document into the place of the one that lies there; readers see the one or the other.</summary>
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
            // Creating is exclusive on every file system, also on one that lets a second machine open the guard.
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

    /// <summary>In the guard first: who dies between creating the document and writing it is known by that.</summary>
    private static void Announce(LockDocument mine, FileStream guard)
    {
        guard.SetLength(0);
        guard.Write(mine.ToJson());
    }

    /// <summary>Whether the document says nothing because the last who announced one died over it.</summary>
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

    private StoreLockedException Locked(LockDocument? found) => new(layout.Root, found?.Holder ?? LockHolder.Unknown, Term, found is not null && timeProvider.GetUtcNow() - found.RenewedAt > Term);
}
