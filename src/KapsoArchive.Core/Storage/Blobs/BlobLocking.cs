using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>Takes a lock through a lease on its blob. The service ends the lease unless it is renewed. The holder writes its name into the
/// blob under the lease and owns the lock only then. A dead holder's lease is broken only if the blob is unchanged since it was read, so a
/// living holder's lease is never broken.</summary>
internal sealed class BlobLocking(BlockBlobClient blob, string location, string store, TimeProvider timeProvider)
{
    // Azure allows 15 to 60 seconds. Renewed every 10, a lease of 30 survives two lost renewals, and a dead holder delays the next by at
    // most 30 seconds.
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(30);

    public Task<StoreLock> TakeAsync(string purpose, CancellationToken cancellationToken) => BlobFault.ExplainAsync(location, async () =>
    {
        // With our own lease id, a request that is resent after a lost answer finds its own lease.
        BlobLeaseClient lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        long asked = timeProvider.GetTimestamp();
        if (!await TryLeaseAsync(lease, cancellationToken))
        {
            await BreakDeadOneAsync(cancellationToken);
            asked = timeProvider.GetTimestamp();
            if (!await TryLeaseAsync(lease, cancellationToken))
                throw await LockedAsync(cancellationToken);
        }

        LockDocument mine = LockDocument.Mine(purpose, timeProvider);
        StoreLock held = new(new BlobLockClaim(lease, location), mine.Holder, asked, timeProvider);
        try
        {
            await SignAsync(mine, lease.LeaseId, cancellationToken);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    });

    /// <returns>Null if the lock is free.</returns>
    public Task<LockHolder?> ReadAsync(CancellationToken cancellationToken) => BlobFault.ExplainAsync(location, async () =>
        await DownloadAsync(cancellationToken) is { } found && IsLeased(found) ? Parse(found).Holder : null);

    private async Task<bool> TryLeaseAsync(BlobLeaseClient lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await lease.AcquireAsync(Term, cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (IsHeld(exception))
            {
                return false;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                await CreateAsync(cancellationToken);
            }
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobUploadOptions options = new() { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(Stream.Null, options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 412 || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // Another process was faster.
        }
    }

    private async Task BreakDeadOneAsync(CancellationToken cancellationToken)
    {
        if (await DownloadAsync(cancellationToken) is not { } found || !IsLeased(found) || !Parse(found).Holder.IsSurelyDead())
            return;
        try
        {
            RequestConditions asRead = new() { IfMatch = found.Details.ETag };
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, asRead, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // Another process took it in the meantime.
        }
    }

    private async Task SignAsync(LockDocument mine, string leaseId, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new()
        {
            Conditions = new BlobRequestConditions { LeaseId = leaseId },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        };
        try
        {
            await blob.UploadAsync(BinaryData.FromBytes(mine.ToJson()).ToStream(), options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // Another process mistook our lease, not yet signed, for the dead holder's, whose name was still in the blob.
            throw await LockedAsync(cancellationToken);
        }
    }

    private async Task<StoreLockedException> LockedAsync(CancellationToken cancellationToken)
    {
        LockHolder holder = await DownloadAsync(cancellationToken) is { } found ? Parse(found).Holder : LockHolder.Unknown;
        return new StoreLockedException(store, holder, Term);
    }

    private async Task<BlobDownloadResult?> DownloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await blob.DownloadContentAsync(cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    private static bool IsHeld(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent || exception.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired;

    private static bool IsLeased(BlobDownloadResult found) => found.Details.LeaseStatus == LeaseStatus.Locked;

    private static LockDocument Parse(BlobDownloadResult found) =>
        LockDocument.Parse(found.Content.ToMemory().Span, found.Details.LastModified);
}
