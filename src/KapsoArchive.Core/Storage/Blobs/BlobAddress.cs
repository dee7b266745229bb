using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>A container's URL, split and validated.</summary>
internal sealed record BlobAddress(Uri Account, string Container)
{
    public const string UnreadableConnection = "The connection string of the storage account cannot be read: copy it whole, from "
        + "'DefaultEndpointsProtocol=' or 'UseDevelopmentStorage=true' on.";

    private const string Example = "https://ACCOUNT.blob.core.windows.net/CONTAINER";

    /// <exception cref="StoreException">The URL does not name a container.</exception>
    public static BlobAddress Parse(string containerUrl)
    {
        if (!Uri.TryCreate(containerUrl, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
            throw new StoreException($"The destination is not a URL: write {Example}.");
        string shown = $"{url.Scheme}://{url.Authority}{url.AbsolutePath}";
        if (url.Query.Length > 0 || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            throw new StoreException(
                $"{shown} must not have a query: shared access signatures (SAS) are not supported. Give an identity the role "
                + "'Storage Blob Data Contributor' instead.");
        if (url.Scheme != Uri.UriSchemeHttps)
            throw new StoreException(
                $"{shown} must start with https: an identity's token is not sent unencrypted. For an emulator, give its connection "
                + "string.");
        string container = url.AbsolutePath.Trim('/');
        if (container.Length == 0 || container.Contains('/'))
            throw new StoreException($"{shown} must name a container and nothing below it: write {Example}.");
        return new BlobAddress(new Uri(url.GetLeftPart(UriPartial.Authority)), container);
    }

    public BlobServiceClient Service(TokenCredential? credential) => new(Account, credential ?? new DefaultAzureCredential(), Options());

    /// <summary>Client options for the account: requests are retried, also after a connection that broke in the body of an error.</summary>
    public static BlobClientOptions Options()
    {
        var options = new BlobClientOptions();
        options.AddPolicy(new WholeErrorPolicy(), HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <exception cref="StoreException">The connection string cannot be read.</exception>
    public static BlobServiceClient Service(string connectionString)
    {
        try
        {
            return new BlobServiceClient(connectionString, Options());
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
#pragma warning disable MA0054 // Without the inner exception: its message may quote part of the secret.
            throw new StoreException(UnreadableConnection);
#pragma warning restore MA0054
        }
    }
}
