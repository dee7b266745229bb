using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Archive;

/// <summary>Opens the configured store.</summary>
public static class StoreOpener
{
    /// <exception cref="SettingException">No store is configured, or two are, or the configured one is impossible.</exception>
    public static IStore Open(ArchiveOptions options, TimeProvider time)
    {
        bool hasConnection = !string.IsNullOrWhiteSpace(options.ConnectionString);
        bool hasDestination = !string.IsNullOrWhiteSpace(options.Destination);
        try
        {
            return (hasDestination, hasConnection) switch
            {
                (true, true) => throw new SettingException(
                    "Archive:Destination and Archive:ConnectionString are both set. Keep one."),
                (false, false) => throw new SettingException(
                    "Archive:Destination (environment Archive__Destination, or --out) is missing. "
                        + "Set it to a folder, or to the https URL of a blob container."),
                (true, _) when IsUrl(options.Destination!) =>
                    BlobStore.FromContainerUrl(options.Destination!, timeProvider: time),
                (true, _) => new FolderStore(
                    options.Destination!, time,
                    string.IsNullOrEmpty(options.FileMode) ? null : (UnixFileMode)Convert.ToInt32(options.FileMode, 8)),
                _ when string.IsNullOrWhiteSpace(options.Container) => throw new SettingException(
                    "Archive:Container (environment Archive__Container) is missing; Archive:ConnectionString needs it. "
                        + "Set it to the container's name, for example kapso-archive."),
                _ => BlobStore.FromConnectionString(options.ConnectionString!, options.Container, time),
            };
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            string setting = hasDestination ? "Archive:Destination" : "Archive:ConnectionString or Archive:Container";
            throw new SettingException($"{setting}: {e.Message}", e);
        }
    }

    /// <summary>Opens the store of a copy, with the account of the user or the machine.</summary>
    /// <param name="place">A folder, or the https URL of a blob container.</param>
    /// <param name="fileMode">Permissions of its data files, as <see cref="ArchiveOptions.FileMode"/>.</param>
    /// <exception cref="SettingException">The place is impossible.</exception>
    public static IStore OpenCopy(string place, string? fileMode, TimeProvider time)
    {
        try
        {
            return Open(new ArchiveOptions { Destination = place, FileMode = fileMode }, time);
        }
        catch (SettingException e)
        {
            throw new SettingException(e.Message.Replace("Archive:Destination", "--to", StringComparison.Ordinal), e);
        }
    }

    /// <summary>Creates the missing parts of the store and checks that it is writable.</summary>
    /// <exception cref="SettingException">The store cannot be used.</exception>
    public static async Task PrepareAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.PrepareAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            throw new SettingException(
                $"The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be used: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="CopyMark.RefuseAsync"/>
    public static Task RefuseCopyAsync(IStore store, CancellationToken cancellationToken) => CopyMark.RefuseAsync(store, cancellationToken);

    /// <summary>Opens a cache for copies of the store's files; null for a folder, which needs none.</summary>
    /// <inheritdoc cref="FileCache.Open"/>
    public static FileCache? OpenCache(IStore store, string? folder, long bytes = FileCache.DefaultBytes) =>
        IsUrl(store.Location) ? FileCache.Open(folder, bytes) : null;

    /// <summary>Whether a destination, or a store's location, is that of blob containers.</summary>
    internal static bool IsUrl(string destination) => destination.Contains("://", StringComparison.Ordinal);
}
