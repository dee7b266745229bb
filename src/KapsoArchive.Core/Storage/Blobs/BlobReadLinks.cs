using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>
/// Makes links to single blobs, as shared access signatures: signed with the account's key where the store has it, and otherwise with a key that Azure gives the
/// identity for some hours (a user delegation key), which is kept and used again.
/// </summary>
internal sealed class BlobReadLinks(BlobServiceClient service, BlobContainers containers, TimeProvider timeProvider)
{
    private static readonly TimeSpan MaxLife = TimeSpan.FromDays(1);

    // The clocks of Azure and of this machine may differ by so much.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    // How much longer than the first link it signs a key lives; Azure allows 7 days in all.
    private static readonly TimeSpan KeyReuse = TimeSpan.FromHours(1);

    private UserDelegationKey? _key;

    private string Account => service.Uri.GetLeftPart(UriPartial.Path);

    public async Task<Uri> CreateAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(life, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(life, MaxLife);
        BlockBlobClient blob = containers.Blob(path);
        DateTimeOffset now = timeProvider.GetUtcNow();
        BlobSasBuilder link = new(BlobSasPermissions.Read, now + life)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - Skew,
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp, // An emulator speaks http.
            ContentDisposition = Attachment(fileName),
            CacheControl = "no-store", // Otherwise a browser keeps the file, and the link is not needed any more.
        };
        if (blob.CanGenerateSasUri)
            return blob.GenerateSasUri(link);
        if (service.Uri.Query.Length > 0)
        {
            throw new StoreException(
                $"No read link can be made at {Account}: the connection string holds a shared access signature (SAS), which signs nothing. Use one with the account's key (AccountKey=), or the container's URL and an identity.");
        }
        return blob.GenerateUserDelegationSasUri(link, await KeyAsync(now, now + life, cancellationToken));
    }

    /// <returns>A key that outlives the link. Links that are made at the same time may each ask for one, which does no harm.</returns>
    private async Task<UserDelegationKey> KeyAsync(DateTimeOffset now, DateTimeOffset linkExpires, CancellationToken cancellationToken)
    {
        if (_key is { } kept && kept.SignedExpiresOn > linkExpires)
            return kept;
        return _key = await BlobFault.ExplainAsync(Account, async () =>
        {
            try
            {
                BlobGetUserDelegationKeyOptions options = new(linkExpires + KeyReuse) { StartsOn = now - Skew };
                return (await service.GetUserDelegationKeyAsync(options, cancellationToken)).Value;
            }
            catch (RequestFailedException failed) when (failed.Status == 403)
            {
                throw BlobFault.ExplainNoDelegation(failed, Account);
            }
        });
    }

    /// <summary>Tells a browser to save the file under the name, which is given a second time, encoded, where it is not plain ASCII (RFC 6266).</summary>
    private static string Attachment(string fileName)
    {
        string plain = string.Concat(fileName.Select(c => char.IsAscii(c) && !char.IsControl(c) && c is not ('"' or '\\' or '/' or '%') ? c : '_'));
        string header = $"attachment; filename=\"{plain}\"";
        return plain == fileName ? header : $"{header}; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }
}
