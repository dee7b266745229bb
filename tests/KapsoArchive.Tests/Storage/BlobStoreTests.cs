using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class BlobStoreTests(AzuriteServer azurite)
{
    private static readonly StorePath Part = new(StoreArea.Data, "messages/part.parquet");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_are_uncommitted_before_the_reveal_and_have_ids_of_equal_length()
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        BlockBlobClient blob = container.GetBlockBlobClient(Part.Name);
        StagedFile staged = await StageAsync(store, new byte[17_000_000]);

        BlockList before = await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: Cancellation);
        await store.RevealAsync(staged, Cancellation);
        BlockList after = await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: Cancellation);

        before.CommittedBlocks.ShouldBeEmpty();
        before.UncommittedBlocks.Count().ShouldBe(3);
        after.CommittedBlocks.Select(block => block.SizeLong).ShouldBe([8_388_608L, 8_388_608L, 222_784L]);
        after.CommittedBlocks.Select(block => block.Name.Length).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Ids_are_equally_long_up_to_the_last_block_and_differ_between_attempts()
    {
        string[] ids = [BlockIds.Of("a1", 0), BlockIds.Of("a1", BlockIds.MaxBlocks - 1), BlockIds.Of("a2", 0)];

        ids.Distinct().Count().ShouldBe(3);
        ids.Select(id => id.Length).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_revealed_blob_has_its_type_and_hash()
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        StagedFile staged = await StageAsync(store, [1, 2, 3]);
        await store.RevealAsync(staged, Cancellation);

        BlobProperties properties = await container.GetBlobClient(Part.Name).GetPropertiesAsync(cancellationToken: Cancellation);

        properties.ContentType.ShouldBe("application/vnd.apache.parquet");
        properties.Metadata["sha256"].ShouldBe(staged.Sha256);
    }

    [Fact]
    public async Task The_areas_are_three_containers()
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        foreach (StoreArea area in Enum.GetValues<StoreArea>())
            await store.CreateAsync(new StorePath(area, $"{area}.json"), "{}"u8.ToArray(), Cancellation);

        BlobServiceClient service = container.GetParentBlobServiceClient();
        (await service.GetBlobContainerClient(container.Name).GetBlobClient("Data.json").ExistsAsync(Cancellation)).Value.ShouldBeTrue();
        (await service.GetBlobContainerClient($"{container.Name}-state").GetBlobClient("State.json").ExistsAsync(Cancellation)).Value.ShouldBeTrue();
        (await service.GetBlobContainerClient($"{container.Name}-exports").GetBlobClient("Exports.json").ExistsAsync(Cancellation)).Value.ShouldBeTrue();
    }

    [Fact]
    public async Task Hierarchical_folders_and_foreign_names_are_not_listed()
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        Dictionary<string, string> folder = new() { ["hdi_isfolder"] = "true" };
        await container.GetBlobClient("messages").UploadAsync(Stream.Null, metadata: folder, cancellationToken: Cancellation);
        await container.GetBlobClient("of others: a?b").UploadAsync(Stream.Null, Cancellation);
        await store.CreateAsync(Part, "rows"u8.ToArray(), Cancellation);

        List<StoredFile> files = await store.ListAsync(StoreArea.Data, "", Cancellation).ToListAsync(Cancellation);

        files.ShouldBe([new StoredFile(Part, 4)]);
    }

    [Fact]
    public async Task A_wrong_key_is_reported_without_any_secret()
    {
        const string wrong = "d3Jvbmcga2V5IHRoYXQgbm9ib2R5IG1heSBzZWU=";
        string right = await azurite.ConnectionStringAsync(Cancellation);
        string connection = string.Join(';', right.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={wrong}" : part));
        BlobStore store = BlobStore.FromConnectionString(connection, azurite.NewContainerName());

        StoreException exception = await Should.ThrowAsync<StoreException>(store.PrepareAsync(Cancellation));

        exception.Message.ShouldContain("403");
        exception.Message.ShouldContain(store.Location);
        exception.Message.ShouldContain("Storage Blob Data Contributor");
        exception.ToString().ShouldNotContain(wrong);
    }

    [Fact]
    public async Task A_missing_container_is_reported_and_not_taken_for_empty()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());

        StoreException exception = await Should.ThrowAsync<StoreException>(store.ReadAsync(Part, Cancellation));

        exception.Message.ShouldContain("404 ContainerNotFound");
        exception.Message.ShouldContain(store.Location);
    }

    [Theory, InlineData("latest.json"), InlineData("runs/20261122T020000Z-1a2b3c4d.json")]
    public async Task A_deleted_data_container_is_not_recreated_empty(string sign)
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        await store.CreateAsync(new StorePath(StoreArea.State, sign), "{}"u8.ToArray(), Cancellation);
        await container.DeleteAsync(cancellationToken: Cancellation);

        StoreException exception = await Should.ThrowAsync<StoreException>(store.PrepareAsync(Cancellation));

        exception.Message.ShouldContain($"{store.Location} does not exist, but {store.LocationOf(StoreArea.State)} shows that it was used");
        (await container.ExistsAsync(Cancellation)).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task A_list_of_conversations_before_the_first_run_is_not_a_sign_of_use()
    {
        (BlobStore store, BlobContainerClient container) = await PrepareAsync();
        await store.CreateAsync(new StorePath(StoreArea.State, "conversations.txt"), "a"u8.ToArray(), Cancellation);
        await container.DeleteAsync(cancellationToken: Cancellation);

        await store.PrepareAsync(Cancellation);

        (await container.ExistsAsync(Cancellation)).Value.ShouldBeTrue();
    }

    [Fact]
    public async Task Deleting_in_a_missing_container_fails()
    {
        BlobStore store = BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());

        StoreException exception = await Should.ThrowAsync<StoreException>(store.DeleteAsync(new StorePath(StoreArea.State, "latest.json"), Cancellation));

        exception.Message.ShouldContain("404 ContainerNotFound");
    }

    [Fact]
    public async Task An_unreachable_account_is_named()
    {
        BlobClientOptions options = new() { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1) } };
        BlobServiceClient nobody = new(new Uri("http://127.0.0.1:1/account"), options);

        StoreException exception = await Should.ThrowAsync<StoreException>(new BlobStore(nobody, "archive").PrepareAsync(Cancellation));

        exception.Message.ShouldStartWith("http://127.0.0.1:1/account/archive cannot be reached");
    }

    [Theory]
    [InlineData("not a connection string")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cret!")]
    public void An_invalid_connection_string_is_not_repeated(string connectionString)
    {
        StoreException exception = Should.Throw<StoreException>(() => BlobStore.FromConnectionString(connectionString, "archive"));

        exception.ToString().ShouldNotContain("s3cret");
        exception.Message.ShouldStartWith("The connection string");
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Archive")]
    [InlineData("a--b")]
    [InlineData("-archive")]
    [InlineData("archive-")]
    [InlineData("a-name-that-leaves-no-room-for-the-longest-of-the-suffixes")]
    public void An_invalid_container_name_is_refused(string container) =>
        Should.Throw<StoreException>(() => BlobStore.FromConnectionString("UseDevelopmentStorage=true", container))
            .Message.ShouldContain(container);

    [Theory]
    [InlineData("https://account.blob.core.windows.net/archive?sv=2026&sig=s3cret", "SAS")]
    [InlineData("http://account.blob.core.windows.net/archive", "https")]
    [InlineData("https://account.blob.core.windows.net/", "must name a container")]
    [InlineData("https://account.blob.core.windows.net/archive/folder", "must name a container")]
    [InlineData("archive", "not a URL")]
    public void A_URL_of_no_container_is_refused_with_the_reason(string url, string reason)
    {
        StoreException exception = Should.Throw<StoreException>(() => BlobStore.FromContainerUrl(url));

        exception.Message.ShouldContain(reason);
        exception.Message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void The_container_URL_is_the_location() =>
        BlobStore.FromContainerUrl("https://account.blob.core.windows.net/archive/").Location
            .ShouldBe("https://account.blob.core.windows.net/archive");

    [Fact]
    public void A_busy_account_is_reported_as_temporary() =>
        BlobFault.Explain(new RequestFailedException(503, "busy", "ServerBusy", null), "https://account/archive").Message
            .ShouldBe("Azure answered 503 ServerBusy for https://account/archive, several times: the account is busy or failing. Try again later.");

    private async Task<(BlobStore Store, BlobContainerClient Container)> PrepareAsync()
    {
        string connectionString = await azurite.ConnectionStringAsync(Cancellation);
        string name = azurite.NewContainerName();
        BlobStore store = BlobStore.FromConnectionString(connectionString, name);
        await store.PrepareAsync(Cancellation);
        return (store, new BlobContainerClient(connectionString, name));
    }

    private static async Task<StagedFile> StageAsync(BlobStore store, byte[] content)
    {
        await using StagingStream stream = await store.StageAsync(Part, "run", Cancellation);
        await stream.WriteAsync(content, Cancellation);
        return await stream.CompleteAsync(Cancellation);
    }
}
