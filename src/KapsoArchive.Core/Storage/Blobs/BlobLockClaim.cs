using Azure;
using Azure.Storage.Blobs.Specialized;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>A lease on the lock's blob.</summary>
internal sealed class BlobLockClaim(BlobLeaseClient lease, string location) : IClaim
{
    public TimeSpan Term => BlobLocking.Term;

    public Task<bool> RenewAsync(CancellationToken cancellationToken) => BlobFault.ExplainAsync(location, async () =>
    {
        try
        {
            await lease.RenewAsync(cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            // Broken, taken by another holder after it expired, or the blob is gone.
            return false;
        }
    });

    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        BlobFault.ExplainAsync(location, () => lease.ReleaseAsync(cancellationToken: cancellationToken));
}
