using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Creates links to single blobs (shared access signatures). They are signed with the account's key if the store has it, and
/// otherwise with a user delegation key: Azure issues it to the identity for some hours, and it is reused.</summary>
internal sealed class BlobReadLinks(BlobServiceClient service, BlobContainers containers, TimeProvider timeProvider)
{
    private static readonly TimeSpan MaxLife = TimeSpan.FromDays(1);

    // Allowance for the difference between Azure's clock and this machine's.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    // How much longer a key lives than the first link it signs. Azure allows 7 days in total.
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
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp, // An emulator uses http.
            ContentDisposition = Attachment(fileName),
            CacheControl = "no-store", // Otherwise a browser caches the file and can open it without the link.
        };
        if (blob.CanGenerateSasUri)
            return blob.GenerateSasUri(link);
        if (service.Uri.Query.Length > 0)
        {
            throw new StoreException(
                $"No read link can be made at {Account}: the connection string contains a shared access signature (SAS), which cannot "
                    + "sign links. Use one with the account's key (AccountKey=), or the container's URL and an identity.");
        }
        return blob.GenerateUserDelegationSasUri(link, await KeyAsync(now, now + life, cancellationToken));
    }

    /// <returns>A key that outlives the link. Concurrent calls may each request one, which is harmless.</returns>
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

    /// <summary>The header that makes a browser save the file under this name. A name that is not plain ASCII is repeated in encoded form
    /// (RFC 6266).</summary>
    private static string Attachment(string fileName)
    {
        string plain = string.Concat(
            fileName.Select(c => char.IsAscii(c) && !char.IsControl(c) && c is not ('"' or '\\' or '/' or '%') ? c : '_'));
        string header = $"attachment; filename=\"{plain}\"";
        return plain == fileName ? header : $"{header}; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }
}
