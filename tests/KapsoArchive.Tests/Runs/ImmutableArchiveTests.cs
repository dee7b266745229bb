using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Storage;

namespace KapsoArchive.Tests.Runs;

/// <summary>A data container whose blobs an immutability policy keeps, as the infrastructure sets it up.</summary>
public sealed class ImmutableArchiveTests(AzuriteServer azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("BlobImmutableDueToPolicy")]
    [InlineData("BlobImmutableDueToLegalHold")]
    public async Task A_half_visible_run_that_is_given_up_does_not_block_the_next(string errorCode)
    {
        string connection = await azurite.ConnectionStringAsync(Cancellation);
        string container = azurite.NewContainerName();
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 5, Messages = 200 }, cancellationToken: Cancellation);
        var store = BlobStore.FromConnectionString(connection, container);
        string brokenOff;
        await using (var harness = new RunHarness(sandbox.BaseUrl, new FailingStore(store, 3, recovers: false) { Counts = nameof(IStore.RevealAsync) }))
        {
            await Should.ThrowAsync<StoreException>(() => harness.RunAsync());
            brokenOff = harness.Tracker.RunId!;
        }

        var data = new BlobContainerClient(connection, container);
        string[] revealed = [.. await store.ListAsync(StoreArea.Data, "messages", Cancellation).Select(f => f.Path.Name).ToListAsync(Cancellation)];
        await data.DeleteBlobAsync(revealed[0], cancellationToken: Cancellation); // So that the run cannot be finished.
        using var transport = new ImmutableTransport(errorCode);
        BlobClientOptions options = new() { Transport = new HttpClientTransport(new HttpClient(new NoStateTransport(transport, container))), Retry = { MaxRetries = 0 } };
        await using var next = new RunHarness(sandbox.BaseUrl, new BlobStore(new BlobServiceClient(connection, options), container));

        Manifest manifest = await next.RunAsync();

        (manifest.Status, manifest.Totals.Rows.Added).ShouldBe(("Succeeded", 200));
        transport.Refused.ShouldBe(0, "what a run began to publish is never taken back");
        (await new ProgressDocuments(store).ReadAsync(brokenOff, Cancellation))!.Status.ShouldBe(RunStatus.Failed);
        string[] left = [.. await store.ListAsync(StoreArea.Data, "", Cancellation).Select(f => f.Path.Name).Where(n => n.Contains(brokenOff)).ToListAsync(Cancellation)];
        left.ShouldBe([Layout.Manifest(brokenOff), .. revealed[1..]], ignoreOrder: true);
        var closing = Manifest.FromJson((await store.ReadAsync(new StorePath(StoreArea.Data, Layout.Manifest(brokenOff)), Cancellation))!.Content.Span);
        (closing.Status, closing.Files.Count).ShouldBe(("Failed", 0));
        revealed.ShouldBeSubsetOf(closing.Abandoned!.Select(f => f.Path));
        (await store.ListAsync(StoreArea.State, "journal/", Cancellation).CountAsync(Cancellation)).ShouldBe(0);
    }

    /// <summary>The policy is the data container's alone.</summary>
    private sealed class NoStateTransport(ImmutableTransport data, string container) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _data = new(data, disposeHandler: false);
        private readonly HttpMessageInvoker _others = new(new SocketsHttpHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.AbsolutePath.Contains($"/{container}/", StringComparison.Ordinal) ? _data : _others).SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _data.Dispose();
            _others.Dispose();
            base.Dispose(disposing);
        }
    }
}
