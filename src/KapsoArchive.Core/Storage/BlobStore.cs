using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace KapsoArchive.Core.Storage;

/// <summary>
/// A store in three containers of an Azure Storage account: data in <c>NAME</c>, state in <c>NAME-state</c>, exports in
/// <c>NAME-exports</c>. Files are staged as uncommitted blocks, which Azure drops a week after the last one was sent.
/// </summary>
public sealed class BlobStore : IStore
{
    private const string HashMetadata = "sha256";
    private const string FolderMetadata = "hdi_isfolder";

    private readonly BlobContainers _containers;
    private readonly TimeProvider _timeProvider;

    /// <param name="service">The account's client.</param>
    /// <param name="container">The data container's name; the others are named after it.</param>
    /// <param name="timeProvider">The clock for locks; the system's by default.</param>
    /// <exception cref="StoreException">The name is not one a container can have.</exception>
    public BlobStore(BlobServiceClient service, string container, TimeProvider? timeProvider = null)
    {
        _containers = new BlobContainers(service, container);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    public string Location => LocationOf(StoreArea.Data);

    public string LocationOf(StoreArea area) => _containers.Location(area);

    /// <summary>A store in the account of a connection string, such as Azurite's.</summary>
    /// <exception cref="StoreException">The connection string cannot be read, or the container cannot have this name.</exception>
    public static BlobStore FromConnectionString(string connectionString, string container, TimeProvider? timeProvider = null) =>
        new(BlobAddress.Service(connectionString), container, timeProvider);

    /// <summary>A store at a container's URL, reached as the signed-in user, service principal or managed identity.</summary>
    /// <param name="containerUrl"><c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>, without a query.</param>
    /// <param name="credential">Who asks; <see cref="Azure.Identity.DefaultAzureCredential"/> by default.</param>
    /// <param name="timeProvider">The clock for locks; the system's by default.</param>
    /// <exception cref="StoreException">The URL is not a container's; the message says what is wrong with it.</exception>
    public static BlobStore FromContainerUrl(string containerUrl, TokenCredential? credential = null, TimeProvider? timeProvider = null)
    {
        BlobAddress address = BlobAddress.Parse(containerUrl);
        return new BlobStore(address.Service(credential), address.Container, timeProvider);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            await ExplainAsync(area, () => _containers.PrepareAsync(area, cancellationToken));
    }

    public Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken) =>
        Task.FromResult<StagingStream>(new BlobStagingStream(path, stage, _containers.Blob(path), _containers.Location(path.Area)));

    public async Task RevealAsync(StagedFile file, CancellationToken cancellationToken)
    {
        CommitBlockListOptions options = new()
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentTypes.Of(file.Path.Name) },
            Metadata = new Dictionary<string, string> { [HashMetadata] = file.Sha256 },
        };
        await ExplainAsync(file.Path.Area, async () =>
        {
            try
            {
                await _containers.Blob(file.Path).CommitBlockListAsync(BlockIds.All(file), options, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status is 400 or 409 or 412)
            {
                // The blob is there, by an earlier call, a lost answer or another writer; that one's commit also drops our blocks (400).
                if (!await IsRevealedAsync(file, cancellationToken))
                    throw Unrevealed(file, exception) ?? (Exception)exception;
            }
        });
    }

    public Task DiscardAsync(StagedFile file, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => ExplainAsync(file.Path.Area, async () =>
    {
        if (await RevealedAsync(file, cancellationToken) is not { IsSame: true } revealed)
            return;
        BlobRequestConditions unchanged = new() { IfMatch = revealed.ETag };
        await _containers.Blob(file.Path).DeleteIfExistsAsync(conditions: unchanged, cancellationToken: cancellationToken);
    });

    public Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken) => ReadExistingAsync(path, async blob =>
    {
        BlobDownloadResult result = await blob.DownloadContentAsync(cancellationToken);
        return new StoredDocument(result.Content.ToMemory(), result.Details.ETag.ToString());
    });

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) => ReadExistingAsync(path, blob =>
        blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken));

    public Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Read links of a blob store are not made yet.");

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        ReplaceAsync(path, content, etag: null, cancellationToken);

    public Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new()
        {
            Conditions = etag is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(etag) },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentTypes.Of(path.Name) },
        };
        return ExplainAsync(path.Area, async () =>
        {
            try
            {
                BlobContentInfo info = await _containers.Blob(path).UploadAsync(BinaryData.FromBytes(content).ToStream(), options, cancellationToken);
                return info.ETag.ToString();
            }
            catch (RequestFailedException exception) when (IsConflict(exception))
            {
                throw new StoreConflictException($"{path} in {Location} is not as it was when it was read: it is left as it is.", exception);
            }
        });
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StorePath.FolderOf(area, prefix);
        List<StoredFile> files = [];
        await ExplainAsync(area, async () =>
        {
            GetBlobsOptions options = new() { Prefix = prefix, Traits = BlobTraits.Metadata };
            await foreach (BlobItem blob in _containers.Of(area).GetBlobsAsync(options, cancellationToken))
            {
                if (!IsFolder(blob) && StorePath.TryCreate(area, blob.Name) is { } path)
                    files.Add(new StoredFile(path, blob.Properties.ContentLength ?? 0));
            }
        });

        // An account with a hierarchical namespace lists folder by folder, which is not the order of the names.
        foreach (StoredFile file in files.OrderBy(file => file.Path.Name, StringComparer.Ordinal))
            yield return file;
    }

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken)
    {
        StorePath.CheckDeletable(path);
        return ExplainAsync(path.Area, async () =>
        {
            try
            {
                await _containers.Blob(path).DeleteAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                // Not there, which is what was wanted. DeleteIfExists would say so of a missing container as well.
            }
        });
    }

    public Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken) =>
        Locking(path).TakeAsync(purpose, cancellationToken);

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) => Locking(path).ReadAsync(cancellationToken);

    private BlobLocking Locking(StorePath path)
    {
        StorePath.CheckLockable(path);
        return new BlobLocking(_containers.Blob(path), _containers.Location(path.Area), Location, _timeProvider);
    }

    // An account with a hierarchical namespace lists its folders among the blobs, as empty ones marked so.
    private static bool IsFolder(BlobItem blob) => blob.Metadata?.ContainsKey(FolderMetadata) == true;

    // Not every 409 is one: a container that is being deleted answers so too.
    private static bool IsConflict(RequestFailedException exception) =>
        exception.Status == 412
        || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || exception.ErrorCode == BlobErrorCode.BlobImmutableDueToPolicy
        || exception.ErrorCode == BlobErrorCode.BlobNotFound;

    /// <returns>False where no blob is visible at the path.</returns>
    private async Task<bool> IsRevealedAsync(StagedFile file, CancellationToken cancellationToken) =>
        await RevealedAsync(file, cancellationToken) is not { } revealed ? false
        : revealed.IsSame ? true
        : throw new StoreConflictException($"{file.Path} in {Location} exists and is another file: it is left as it is.");

    /// <returns>Whether the blob that is visible at the path is this file; null where there is none.</returns>
    private async Task<(bool IsSame, ETag ETag)?> RevealedAsync(StagedFile file, CancellationToken cancellationToken)
    {
        BlobProperties? existing = await ReadExistingAsync(file.Path, async blob =>
            (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value);
        if (existing is null)
            return null;
        bool isSame = existing.ContentLength == file.Length
            && existing.Metadata.TryGetValue(HashMetadata, out string? hash)
            && hash == file.Sha256;
        return (isSame, existing.ETag);
    }

    private StagedFileLostException? Unrevealed(StagedFile file, RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.InvalidBlockList
            ? new StagedFileLostException($"The staged blocks of {file.Path} in {Location} are gone: Azure drops them after a week.", exception)
            : null;

    private Task<T?> ReadExistingAsync<T>(StorePath path, Func<BlockBlobClient, Task<T>> read)
        where T : class => ExplainAsync(path.Area, async () =>
        {
            try
            {
                return await read(_containers.Blob(path));
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        });

    private Task ExplainAsync(StoreArea area, Func<Task> request) => BlobFault.ExplainAsync(_containers.Location(area), request);

    private Task<T> ExplainAsync<T>(StoreArea area, Func<Task<T>> request) => BlobFault.ExplainAsync(_containers.Location(area), request);
}
