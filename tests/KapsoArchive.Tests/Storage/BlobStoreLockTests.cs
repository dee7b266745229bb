using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class BlobStoreLockTests(AzuriteServer azurite) : StoreLockContract
{
    private readonly string _container = azurite.NewContainerName();
    private readonly InterceptedTransport _transport = new();

    private protected override TimeSpan Term => BlobLocking.Term;

    [Fact]
    public async Task An_unsigned_holder_loses_the_lock_if_another_took_it_for_dead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what proves a death.");
        await LeaveDeadAsync();
        StoreLock? quicker = null;
        _transport.Before = async request =>
        {
            if (IsSignature(request))
            {
                _transport.Before = null;
                quicker = await TakeAsync();
            }
        };

        StoreLockedException exception = await Should.ThrowAsync<StoreLockedException>(TakeAsync());

        await using StoreLock held = quicker.ShouldNotBeNull();
        exception.Holder.ShouldBe(held.Holder);
        (await Store.ReadLockAsync(Lock, Cancellation)).ShouldBe(held.Holder);
    }

    [Fact]
    public async Task A_holder_that_signs_while_another_takes_it_for_dead_keeps_the_lock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what proves a death.");
        BlockBlobClient blob = await LeaveDeadAsync();
        BlobLeaseClient lease = blob.GetBlobLeaseClient();
        await lease.AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancellation);
        LockHolder living = new("another", 123, Clock.GetUtcNow(), "run elsewhere");
        _transport.Before = async request =>
        {
            if (IsBreak(request))
            {
                _transport.Before = null;
                BlobUploadOptions signature = new() { Conditions = new BlobRequestConditions { LeaseId = lease.LeaseId } };
                await blob.UploadAsync(new MemoryStream(Document(living)), signature, Cancellation);
            }
        };

        (await Should.ThrowAsync<StoreLockedException>(TakeAsync())).Holder.ShouldBe(living);

        _transport.Before.ShouldBeNull("the lease was about to be broken");
        await lease.RenewAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_lock_in_a_missing_container_is_reported_in_words()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());

        StoreException exception = await Should.ThrowAsync<StoreException>(async () => await store.LockAsync(Lock, "first", Cancellation));

        exception.ShouldNotBeOfType<StoreLockedException>();
        exception.Message.ShouldBe($"Azure answered 404 ContainerNotFound: {store.Location}-state does not exist. Check the container's name.");
    }

    [Fact]
    public async Task An_identity_that_may_not_lease_learns_what_it_lacks()
    {
        const string wrong = "d3Jvbmcga2V5IHRoYXQgbm9ib2R5IG1heSBzZWU=";
        string right = await azurite.ConnectionStringAsync(Cancellation);
        string connection = string.Join(';', right.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={wrong}" : part));
        BlobStore store = BlobStore.FromConnectionString(connection, _container);

        StoreException exception = await Should.ThrowAsync<StoreException>(async () => await store.LockAsync(Lock, "first", Cancellation));

        exception.Message.ShouldContain("403");
        exception.Message.ShouldContain("Storage Blob Data Contributor");
    }

    protected override async Task<IStore> OpenAsync(TimeProvider? clock, CancellationToken cancellationToken)
    {
        BlobClientOptions options = new() { Transport = new HttpClientTransport(_transport), Retry = { MaxRetries = 0 } };
        return new BlobStore(new BlobServiceClient(await azurite.ConnectionStringAsync(cancellationToken), options), _container, clock);
    }

    protected override async Task HoldAsync(byte[] content, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = await BlobAsync(cancellationToken);
        if (await blob.ExistsAsync(cancellationToken) && (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.LeaseStatus == LeaseStatus.Locked)
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: cancellationToken);
        await blob.UploadAsync(new MemoryStream(content), cancellationToken: cancellationToken);
        await blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: cancellationToken);
    }

    protected override async Task TakeAwayAsync(CancellationToken cancellationToken) =>
        await (await BlobAsync(cancellationToken)).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: cancellationToken);

    protected override void SetOutOfOrder(bool isOutOfOrder) =>
        _transport.Before = isOutOfOrder ? _ => throw new HttpRequestException("The network is gone, as the test wants it.") : null;

    protected override async Task<IReadOnlyDictionary<string, string>> PlaceAsync(CancellationToken cancellationToken) => new Dictionary<string, string>
    {
        ["Archive__ConnectionString"] = await azurite.ConnectionStringAsync(cancellationToken),
        ["Archive__Container"] = _container,
    };

    protected override void Dispose() => _transport.Dispose();

    private static bool IsSignature(HttpRequestMessage request) =>
        request.Method == HttpMethod.Put && request.RequestUri!.AbsolutePath.EndsWith("/lock", StringComparison.Ordinal) && request.Headers.Contains("x-ms-blob-type");

    private static bool IsBreak(HttpRequestMessage request) =>
        request.Headers.TryGetValues("x-ms-lease-action", out IEnumerable<string>? action) && action.Contains("break");

    /// <summary>The name of a dead holder whose lease has run out.</summary>
    private async Task<BlockBlobClient> LeaveDeadAsync()
    {
        BlockBlobClient blob = await BlobAsync(Cancellation);
        byte[] dead = Document(LockHolder.Current("dead", Clock) with { ProcessId = int.MaxValue });
        await blob.UploadAsync(new MemoryStream(dead), cancellationToken: Cancellation);
        return blob;
    }

    private async Task<BlockBlobClient> BlobAsync(CancellationToken cancellationToken) =>
        new BlobContainerClient(await azurite.ConnectionStringAsync(cancellationToken), $"{_container}-state").GetBlockBlobClient(Lock.Name);
}
