using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Infra;

/// <summary>What the program really asks of its store, as the dead-man alert would see it in the logs.</summary>
public sealed class DeadManTests(AzuriteServer azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_of_single_ids_and_an_export_do_not_silence_the_dead_man()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 60 }, cancellationToken: Cancellation);
        await using StorageProxy proxy = await StorageProxy.StartAsync(azurite, Cancellation);
        string container = azurite.NewContainerName();
        ConcurrentQueue<string> requests = new();
        proxy.StrikeAll(
            request =>
            {
                requests.Enqueue(request);
                return false;
            },
            StorageFault.None);
        await using var harness = new RunHarness(sandbox.BaseUrl, new BlobStore(new BlobServiceClient(proxy.ConnectionString, BlobAddress.Options()), container));
        string[] ids = [.. sandbox.Data.Conversations.Take(2).Select(c => c.Id)];

        await harness.RunAsync(full: true, Cancellation, ids);
        await harness.ExportAsync(TimeRange.All, [PartFormat.Parquet], Cancellation, ids);

        requests.ShouldContain(request => request.Contains("/_manifests/"), "the run was committed");
        AlertLogs.Measure("no-night", container, requests).ShouldBe(0);
        AlertLogs.Measure("no-night", container, [.. requests, $"PUT /devstoreaccount1/{container}-state/nights/20261128T020000Z-0a1b2c3d"]).ShouldBe(1, "a night among them counts");
    }
}
