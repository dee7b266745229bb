using Azure;
using Azure.Storage.Blobs.Models;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Makes staged blocks a visible blob, and takes such a blob back.</summary>
internal sealed class BlobRevealing(BlobContainers containers, string location)
{
    private const string HashMetadata = "sha256";
    private const string ImmutableDueToLegalHold = "BlobImmutableDueToLegalHold";

    public async Task RevealAsync(StagedFile file, CancellationToken cancellationToken)
    {
        CommitBlockListOptions options = new()
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentTypes.Of(file.Path.Name) },
            Metadata = new Dictionary<string, string> { [HashMetadata] = file.Sha256 },
        };
        await containers.ExplainAsync(file.Path.Area, async () =>
        {
            try
            {
                await containers.Blob(file.Path).CommitBlockListAsync(BlockIds.All(file), options, cancellationToken);
            }
            catch (Exception exception) when (BlobFault.Explains(exception))
            {
                // The blob may be there, by an earlier call, a lost answer or another writer; that one's commit also drops our blocks (400).
                if (await IsRevealedAsync(file, cancellationToken))
                    return;
                if (exception is RequestFailedException failed && failed.ErrorCode == BlobErrorCode.InvalidBlockList)
                    throw new StagedFileLostException($"The staged blocks of {file.Path} in {location} are gone: Azure drops them after a week.", exception);
                throw;
            }
        });
    }

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => containers.ExplainAsync(file.Path.Area, async () =>
    {
        if (await RevealedAsync(file, cancellationToken) is not { IsSame: true } revealed)
            return;
        BlobRequestConditions unchanged = new() { IfMatch = revealed.ETag };
        try
        {
            await containers.Blob(file.Path).DeleteIfExistsAsync(conditions: unchanged, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (IsKept(exception))
        {
            // It stays as long as the policy says, and no manifest names it.
        }
    });

    /// <summary>Whether an immutability policy or a legal hold keeps the blob as it is.</summary>
    public static bool IsKept(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobImmutableDueToPolicy || exception.ErrorCode == ImmutableDueToLegalHold;

    /// <returns>False where no blob is visible at the path.</returns>
    private async Task<bool> IsRevealedAsync(StagedFile file, CancellationToken cancellationToken) =>
        await RevealedAsync(file, cancellationToken) is not { } revealed ? false
        : revealed.IsSame ? true
        : throw new StoreConflictException($"{file.Path} in {location} exists and is another file: it is left as it is.");

    /// <returns>Whether the blob that is visible at the path is this file; null where there is none.</returns>
    private async Task<(bool IsSame, ETag ETag)?> RevealedAsync(StagedFile file, CancellationToken cancellationToken)
    {
        BlobProperties? existing = await containers.ReadExistingAsync(file.Path, async blob =>
            (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value);
        if (existing is null)
            return null;
        bool isSame = existing.ContentLength == file.Length
            && existing.Metadata.TryGetValue(HashMetadata, out string? hash)
            && hash == file.Sha256;
        return (isSame, existing.ETag);
    }
}
