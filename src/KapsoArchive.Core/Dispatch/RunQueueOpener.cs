using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Opens the queue of the configured store: in this process for a folder, in the storage account for a blob store.</summary>
public static class RunQueueOpener
{
    /// <exception cref="SettingException">No store is configured, or two are, or the queue of the store cannot be determined.</exception>
    public static IRunQueue Open(ArchiveOptions options, TimeProvider time) => StoreOpener.Choose<IRunQueue>(
        options,
        folder => new ChannelRunQueue(time),
        containerUrl => StorageRunQueue.ForBlobContainer(containerUrl, timeProvider: time),
        (connectionString, container) => StorageRunQueue.FromConnectionString(connectionString, time));

    /// <summary>The queue in the storage account of a function app's host: <c>AzureWebJobsStorage</c>, a connection string or the
    /// settings of an identity, as the host reads them.</summary>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    public static IRunQueue OpenForFunctions(IConfiguration configuration, TimeProvider time)
    {
        const string Setting = "AzureWebJobsStorage";
        IConfigurationSection host = configuration.GetSection(Setting);
        try
        {
            if (host.Value is { Length: > 0 } connectionString)
                return StorageRunQueue.FromConnectionString(connectionString, time);
            string? url = host["queueServiceUri"]
                ?? (host["accountName"] is { Length: > 0 } account ? $"https://{account}.queue.core.windows.net" : null);
            return Uri.TryCreate(url, UriKind.Absolute, out Uri? service)
                ? StorageRunQueue.FromServiceUrl(service, host["clientId"], time)
                : throw new SettingException(
                    $"{Setting} is missing. Set it to a connection string, "
                        + $"or {Setting}__accountName (with __credential and __clientId) to the storage account of the function app.");
        }
        catch (StoreException e)
        {
            throw new SettingException($"{Setting}: {e.Message}", e);
        }
    }
}
