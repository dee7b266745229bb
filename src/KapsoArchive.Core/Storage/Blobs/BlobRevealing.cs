using Azure;
using Azure.Storage.Blobs.Models;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Turns staged blocks into a visible blob, and removes such a blob again.</summary>
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
                // The blob may exist already, from an earlier call, a lost answer or another writer. Another writer's commit also drops our
                // blocks (400).
                if (await IsRevealedAsync(file, cancellationToken))
                    return;
                if (exception is RequestFailedException failed && failed.ErrorCode == BlobErrorCode.InvalidBlockList)
                    throw new StagedFileLostException(
                        $"The staged blocks of {file.Path} in {location} are gone: Azure drops them after a week.", exception);
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
            // It stays as long as the policy requires, and no manifest names it.
        }
    });

    /// <summary>Whether an immutability policy or a legal hold protects the blob.</summary>
    public static bool IsKept(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobImmutableDueToPolicy || exception.ErrorCode == ImmutableDueToLegalHold;

    /// <returns>False if the path has no visible blob.</returns>
    private async Task<bool> IsRevealedAsync(StagedFile file, CancellationToken cancellationToken) =>
        await RevealedAsync(file, cancellationToken) is not { } revealed ? false
        : revealed.IsSame ? true
        : throw new StoreConflictException($"{file.Path} in {location} already exists with other content. It was not changed.");

    /// <returns>Whether the visible blob at the path is this file; null if the path has no blob.</returns>
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
