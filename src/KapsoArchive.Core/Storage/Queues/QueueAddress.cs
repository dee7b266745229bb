using System.Text.RegularExpressions;
using KapsoArchive.Core.Storage.Blobs;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Finds the queue endpoint of a container's storage account, which has a different host name.</summary>
internal static partial class QueueAddress
{
    /// <param name="containerUrl"><c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>, or with <c>dfs</c>, in any of Azure's
    /// clouds.</param>
    /// <returns><c>https://ACCOUNT.queue.core.windows.net/</c></returns>
    /// <exception cref="StoreException">The URL does not name a container, or Azure does not use this host name.</exception>
    public static Uri OfContainer(string containerUrl)
    {
        Uri account = BlobAddress.Parse(containerUrl).Account;
        Match host = AccountHost().Match(account.Host);
        if (!host.Success)
        {
            throw new StoreException(
                $"The queue that belongs to {containerUrl} cannot be told from a host of one's own. Write the account's own address, "
                    + "https://ACCOUNT.blob.core.windows.net/CONTAINER, or use a connection string.");
        }
        return new UriBuilder(account) { Host = $"{host.Groups["account"].Value}.queue.{host.Groups["cloud"].Value}" }.Uri;
    }

    // Some account names are followed by a DNS zone: account.z01.blob.storage.azure.net.
    [GeneratedRegex(@"^(?<account>[a-z0-9]{3,24}(\.z[0-9]{1,2})?)\.(blob|dfs)\.(?<cloud>[a-z0-9-]+(\.[a-z0-9-]+)+)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AccountHost();
}
