using KapsoArchive.Core.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Opens the queue in the storage account of a function app's host.</summary>
public static class WakerOpener
{
    private const string Setting = "AzureWebJobsStorage";

    /// <summary>Reads <c>AzureWebJobsStorage</c> as the host does: a connection string, or the settings of an identity.</summary>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    public static IWaker OpenForFunctions(IConfiguration configuration)
    {
        IConfigurationSection host = configuration.GetSection(Setting);
        try
        {
            if (host.Value is { Length: > 0 } connectionString)
                return QueueWaker.FromConnectionString(connectionString);
            string? url = host["queueServiceUri"]
                ?? (host["accountName"] is { Length: > 0 } account ? $"https://{account}.queue.core.windows.net" : null);
            return Uri.TryCreate(url, UriKind.Absolute, out Uri? service)
                ? QueueWaker.FromServiceUrl(service, host["clientId"])
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
