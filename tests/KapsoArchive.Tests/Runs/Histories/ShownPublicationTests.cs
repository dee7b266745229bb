using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;

namespace KapsoArchive.Tests.Runs.Histories;

/// <summary>What <c>show</c> and <c>report</c> print while a run is published in steps.</summary>
public sealed class ShownPublicationTests(AzuriteServer azurite) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_is_shown_whole_after_its_manifest_and_not_at_all_before(bool isBlob)
    {
        (IStore store, Dictionary<string, string> place) = await PlaceAsync(isBlob);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 100, IncludeSamples = false }, cancellationToken: Cancellation);
        SandboxConversation conversation = sandbox.Data.Conversations[0];
        var limits = new RunLimits { RowGroupRows = 25, PartRows = 25 };
        await using (var first = new RunHarness(sandbox.BaseUrl, store, limits))
            await first.RunAsync();
        List<(string Step, int Total)> shown = [];
        int reveals = 0;
        MovingListing listing = sandbox.Listings.Moving(conversation.Id);
        for (int i = 0; i < 90; i++)
            listing.InsertNewest();

        await using var harness = new RunHarness(sandbox.BaseUrl, SteppedStore.Of(store, StepAsync), limits);
        Manifest manifest = await harness.RunAsync();

        manifest.Files.Count(f => f.Dataset == Datasets.Messages.Name).ShouldBeGreaterThan(2, "a run that can be seen in part");
        shown.Select(s => s.Step).ShouldBe(["in the middle", "before the manifest"]);
        shown.ShouldAllBe(s => s.Total == conversation.MessageCount);
        (await ShowAsync()).ShouldBe((int)conversation.MessageCount + 90);
        (await RunAsync("report", "--run", manifest.RunId, "--out", "-")).ShouldContain(manifest.Files[0].Sha256);

        async Task StepAsync(StorePath path)
        {
            bool isManifest = path.Name.StartsWith("_manifests/", StringComparison.Ordinal);
            if (!isManifest && ++reveals != 4)
                return;
            shown.Add((isManifest ? "before the manifest" : "in the middle", await ShowAsync()));
            (await RunAsync("report", "--out", "-")).ShouldNotContain(".parquet");
        }

        async Task<int> ShowAsync() => JsonElement.Parse(await RunAsync("show", conversation.Id, "--json")).GetProperty("total").GetInt32();

        async Task<string> RunAsync(params string[] arguments)
        {
            CliResult result = await CliProcess.RunAsync(_folder.Path, place, arguments);
            result.ExitCode.ShouldBe(0, result.Error);
            return result.Output;
        }
    }

    private async Task<(IStore Store, Dictionary<string, string> Place)> PlaceAsync(bool isBlob)
    {
        if (!isBlob)
            return (new FolderStore(_folder.File("lake")), new(StringComparer.Ordinal) { ["Archive__Destination"] = _folder.File("lake") });
        (string connection, string container) = (await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
        return (BlobStore.FromConnectionString(connection, container), new(StringComparer.Ordinal) { ["Archive__ConnectionString"] = connection, ["Archive__Container"] = container });
    }
}
