using System.Text.Json;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Lake.Views;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Inspection.Histories;

/// <summary>What <c>show</c> and <c>report</c> print while a run is published, step by step.</summary>
public sealed class ShownPublicationTests(AzuriteServer azurite) : IDisposable
{
    private const int New = 90;

    private static readonly SandboxOptions World = new() { Conversations = 2, Messages = 100, IncludeSamples = false };
    private static readonly RunLimits SmallParts = new() { RowGroupRows = 25, PartRows = 25 };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_is_shown_completely_after_its_manifest_and_not_at_all_before(bool isBlob)
    {
        (IStore store, Dictionary<string, string> place) = await PlaceAsync(isBlob);
        await using SandboxServer sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
        SandboxConversation conversation = sandbox.Data.Conversations[0];
        MovingListing listing = sandbox.Listings.Moving(conversation.Id);
        await RunAsync(store);
        long before = await ShownAsync();
        List<(string Step, long Shown, bool HasFiles)> seen = [];
        int reveals = 0;
        for (int i = 0; i < New; i++)
            listing.InsertNewest();

        await RunAsync(SteppedStore.Of(store, StepAsync));

        before.ShouldBe(conversation.MessageCount);
        reveals.ShouldBeGreaterThan(4, "a run that can be seen in part");
        seen.ShouldBe([("in the middle", before, false), ("before the manifest", before, false)]);
        (await ShownAsync(), await HasFilesAsync()).ShouldBe((before + New, true));

        async Task StepAsync(StorePath path)
        {
            bool isManifest = path.Name == Layout.Manifest(path.Name.Split('/', '.')[1]);
            if (isManifest || ++reveals == 4)
                seen.Add((isManifest ? "before the manifest" : "in the middle", await ShownAsync(), await HasFilesAsync()));
        }

        async Task RunAsync(IStore at)
        {
            await using var harness = new RunHarness(sandbox.BaseUrl, at, SmallParts);
            await harness.RunAsync(conversation.Id);
        }

        async Task<long> ShownAsync() => JsonElement.Parse(await PrintedAsync("show", conversation.Id, "--json")).GetProperty("total").GetInt64();

        // The newest run's, be it under way.
        async Task<bool> HasFilesAsync() => (await PrintedAsync("report", "--out", "-")).Contains(".parquet", StringComparison.Ordinal);

        async Task<string> PrintedAsync(params string[] arguments)
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
        return (
            BlobStore.FromConnectionString(connection, container),
            new(StringComparer.Ordinal) { ["Archive__ConnectionString"] = connection, ["Archive__Container"] = container });
    }
}
