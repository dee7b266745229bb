using KapsoArchive.Core.Runs.Queue;

namespace KapsoArchive.Core.Runs;

/// <summary>Opens the queue that belongs to the store that the settings name: within this process beside a folder, in the storage account beside a blob store.</summary>
public static class RunQueueOpener
{
    /// <exception cref="SettingException">The settings name no store, or two, or one whose queue cannot be told.</exception>
    public static IRunQueue Open(ArchiveOptions options, TimeProvider time) => StoreOpener.Choose<IRunQueue>(
        options,
        folder => new ChannelRunQueue(time),
        containerUrl => StorageRunQueue.ForBlobContainer(containerUrl, timeProvider: time),
        (connectionString, container) => StorageRunQueue.FromConnectionString(connectionString, time));
}
