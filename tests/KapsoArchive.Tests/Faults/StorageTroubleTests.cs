using Azure.Storage.Blobs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Faults;

/// <summary>The program in front of blob storage that answers badly.</summary>
public sealed class StorageTroubleTests(AzuriteServer azurite) : CliTest
{
    [Theory]
    [InlineData("PUT", "/_manifests/")]
    [InlineData("PUT", "-state/index/catalog")]
    public async Task A_committed_run_with_a_lost_response_does_not_fail(string method, string path)
    {
        await using StorageProxy proxy = await UseProxyAsync();
        proxy.StrikeFirst(request => request.StartsWith(method, StringComparison.Ordinal) && request.Contains(path, StringComparison.Ordinal), StorageFault.LostAnswer);

        CliResult run = await RunAsync("run", "--conversations", "all");

        proxy.Faults.ShouldBe(1);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldBeEmpty();
        (await RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_connection_cut_inside_a_404_body_is_not_a_failure()
    {
        await using StorageProxy proxy = await UseProxyAsync();
        proxy.StrikeFirst(request => request.StartsWith("GET", StringComparison.Ordinal) && request.Contains("/latest.json", StringComparison.Ordinal), StorageFault.CutBody);

        CliResult run = await RunAsync("run", "--conversations", "all");

        proxy.Faults.ShouldBe(1);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    [Fact]
    public async Task A_connection_cut_every_time_is_reported_in_one_sentence()
    {
        await using StorageProxy proxy = await UseProxyAsync();
        BlobClientOptions options = BlobAddress.Options();
        options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        var store = new BlobStore(new BlobServiceClient(proxy.ConnectionString, options), Settings["Archive__Container"]);
        await store.PrepareAsync(Cancellation);
        proxy.StrikeAll(request => request.Contains("/latest.json", StringComparison.Ordinal), StorageFault.CutBody);
        var latest = new StorePath(StoreArea.State, "latest.json");

        StoreException reading = await Should.ThrowAsync<StoreException>(store.ReadAsync(latest, Cancellation));
        StoreException opening = await Should.ThrowAsync<StoreException>(store.OpenReadAsync(latest, Cancellation));

        foreach (StoreException told in new[] { reading, opening })
            told.Message.ShouldBe($"{store.LocationOf(StoreArea.State)} cannot be reached: check the account's name, the network and the account's firewall.");
    }

    private async Task<StorageProxy> UseProxyAsync()
    {
        StorageProxy proxy = await StorageProxy.StartAsync(azurite, Cancellation);
        Settings["Archive__ConnectionString"] = proxy.ConnectionString;
        Settings["Archive__Container"] = azurite.NewContainerName();
        return proxy;
    }
}
