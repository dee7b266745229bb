using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>A store in three containers of an Azure Storage account: data in <c>NAME</c>, state in <c>NAME-state</c>, exports in
/// <c>NAME-exports</c>. Files are staged as uncommitted blocks. Azure drops them a week after the last one was sent.</summary>
public sealed class BlobStore : IStore
{
    private const string FolderMetadata = "hdi_isfolder";

    /// <summary>Identifies one write, also among writes of the same content.</summary>
    private const string WriteMetadata = "write";

    /// <summary>Many state documents are read at once, each up to some 12 MB. With the client's own buffers of 4 MiB, a large run would
    /// need a gigabyte.</summary>
    private const int StateBufferLength = 512 * 1024;

    private readonly BlobContainers _containers;
    private readonly BlobRevealing _revealing;
    private readonly BlobReadLinks _readLinks;
    private readonly TimeProvider _timeProvider;

    /// <param name="service">The account's client.</param>
    /// <param name="container">The data container's name. The other names derive from it.</param>
    /// <param name="timeProvider">The clock for locks and links; the system clock by default.</param>
    /// <exception cref="StoreException">The name is not valid for a container.</exception>
    public BlobStore(BlobServiceClient service, string container, TimeProvider? timeProvider = null)
    {
        _containers = new BlobContainers(service, container);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _revealing = new BlobRevealing(_containers, Location);
        _readLinks = new BlobReadLinks(service, _containers, _timeProvider);
    }

    public string Location => LocationOf(StoreArea.Data);

    public string LocationOf(StoreArea area) => _containers.Location(area);

    /// <summary>Opens a store in the account of a connection string, such as Azurite's.</summary>
    /// <exception cref="StoreException">The connection string cannot be read, or the name is not valid for a container.</exception>
    public static BlobStore FromConnectionString(string connectionString, string container, TimeProvider? timeProvider = null) =>
        new(BlobAddress.Service(connectionString), container, timeProvider);

    /// <summary>Opens a store at a container's URL as the signed-in user, service principal or managed identity.</summary>
    /// <param name="containerUrl"><c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>, without a query.</param>
    /// <param name="credential">The credential for requests; <see cref="Azure.Identity.DefaultAzureCredential"/> by default.</param>
    /// <param name="timeProvider">The clock for locks and links; the system clock by default.</param>
    /// <exception cref="StoreException">The URL does not name a container; the message says why.</exception>
    public static BlobStore FromContainerUrl(string containerUrl, TokenCredential? credential = null, TimeProvider? timeProvider = null)
    {
        BlobAddress address = BlobAddress.Parse(containerUrl);
        return new BlobStore(address.Service(credential), address.Container, timeProvider);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _containers.ExplainAsync(StoreArea.Data, () => _containers.CheckDataAsync(cancellationToken));
        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            await _containers.ExplainAsync(area, () => _containers.PrepareAsync(area, cancellationToken));
    }

    public Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken) =>
        Task.FromResult<StagingStream>(
            new BlobStagingStream(path, stage, _containers.Blob(path), _containers.Location(path.Area), cancellationToken));

    public Task RevealAsync(StagedFile file, CancellationToken cancellationToken) => _revealing.RevealAsync(file, cancellationToken);

    public Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => _revealing.WithdrawAsync(file, cancellationToken);

    public Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken) =>
        _containers.ReadExistingAsync(path, async blob =>
        {
            BlobDownloadResult result = await blob.DownloadContentAsync(cancellationToken);
            return new StoredDocument(result.Content.ToMemory(), result.Details.ETag.ToString());
        });

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) =>
        _containers.ReadExistingAsync<Stream>(path, async blob =>
        {
            BlobOpenReadOptions options = new(allowModifications: false)
            {
                BufferSize = path.Area == StoreArea.State ? StateBufferLength : null,
            };
            Stream content = await blob.OpenReadAsync(options, cancellationToken);
            return new StoredStream(
                content, BlobFault.Explains, exception => BlobFault.Explain(exception, _containers.Location(path.Area)));
        });

    public async Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        await _readLinks.CreateAsync(path, fileName, life, cancellationToken);

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        ReplaceAsync(path, content, etag: null, cancellationToken);

    public Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        string write = Guid.NewGuid().ToString("N");
        BlobUploadOptions options = new()
        {
            Conditions = etag is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(etag) },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentTypes.Of(path.Name) },
            Metadata = new Dictionary<string, string> { [WriteMetadata] = write },
        };
        return _containers.ExplainAsync(path.Area, async () =>
        {
            try
            {
                BlobContentInfo info = await _containers.Blob(path)
                    .UploadAsync(BinaryData.FromBytes(content).ToStream(), options, cancellationToken);
                return info.ETag.ToString();
            }
            catch (Exception exception) when (BlobFault.Explains(exception))
            {
                // If the SDK repeated the write, an earlier try may have succeeded and lost its answer.
                if (await WrittenAsync(path, write, cancellationToken) is { } written)
                    return written;
                if (exception is RequestFailedException failed && IsConflict(failed))
                    throw new StoreConflictException(
                        $"{path} in {Location} has changed since it was read. It was not overwritten.", exception);
                throw;
            }
        });
    }

    public IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken) =>
        StoredEntry.FilesAsync(ListEntriesAsync(area, prefix, cancellationToken), LocationOf(area));

    public async IAsyncEnumerable<StoredEntry> ListEntriesAsync(
        StoreArea area, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StorePath.FolderOf(area, prefix);
        List<StoredEntry> entries = [];
        await _containers.ExplainAsync(area, async () =>
        {
            GetBlobsOptions options = new() { Prefix = prefix, Traits = BlobTraits.Metadata };
            await foreach (BlobItem blob in _containers.Of(area).GetBlobsAsync(options, cancellationToken))
            {
                if (!IsFolder(blob))
                    entries.Add(new StoredEntry(area, blob.Name, blob.Properties.ContentLength ?? 0));
            }
        });

        // An account with a hierarchical namespace lists folder by folder, not in the order of the names.
        foreach (StoredEntry entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            yield return entry;
    }

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken)
    {
        StorePath.CheckDeletable(path);
        return _containers.ExplainAsync(path.Area, async () =>
        {
            try
            {
                await _containers.Blob(path).DeleteAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                // Already gone, which is the desired result. DeleteIfExists would report the same for a missing container.
            }
        });
    }

    public Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken) =>
        Locking(path).TakeAsync(purpose, cancellationToken);

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) =>
        Locking(path).ReadAsync(cancellationToken);

    /// <returns>The blob's ETag if this write produced its current content; otherwise null.</returns>
    private async Task<string?> WrittenAsync(StorePath path, string write, CancellationToken cancellationToken)
    {
        BlobProperties? found = await _containers.ReadExistingAsync(path, async blob =>
            (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value);
        return found is not null && found.Metadata.TryGetValue(WriteMetadata, out string? made) && made == write
            ? found.ETag.ToString()
            : null;
    }

    private BlobLocking Locking(StorePath path)
    {
        StorePath.CheckLockable(path);
        return new BlobLocking(_containers.Blob(path), _containers.Location(path.Area), Location, _timeProvider);
    }

    // An account with a hierarchical namespace lists folders as empty blobs with a mark. Anyone can set that mark on a file.
    private static bool IsFolder(BlobItem blob) =>
        blob.Metadata?.ContainsKey(FolderMetadata) == true && blob.Properties.ContentLength is null or 0;

    // Not every 409 is a conflict: a container being deleted returns 409 too.
    private static bool IsConflict(RequestFailedException exception) =>
        exception.Status == 412
        || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || BlobRevealing.IsKept(exception)
        || exception.ErrorCode == BlobErrorCode.BlobNotFound;
}
