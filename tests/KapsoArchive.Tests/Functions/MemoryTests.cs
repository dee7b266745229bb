using System.Text.Json.Nodes;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>The memory of a worker, whose smallest instance has 512 MB.</summary>
public sealed class MemoryTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private const long Most = 400_000_000;

    protected override SandboxOptions World => base.World with { Conversations = 200, Messages = Samples.Count(byDefault: 40_000, all: 200_000) };

    [Fact]
    public async Task A_worker_that_exports_200_000_messages_stays_below_400_MB()
    {
        StandInHost host = await StartAsync();
        var caller = new ExportCaller(Http(host));

        (_, JsonNode body, _) = await caller.CreateAsync(new { conversations = "all", formats = (string[])["parquet", "jsonl", "csv", "html"] });
        JsonNode ended = await EndAsync(host, $"/api/exports/{body["id"]}");

        ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", World.Messages), Words(host));
        TestContext.Current.TestOutputHelper!.WriteLine($"{host.PeakWorkerMemory / 1e6:0} MB");
        host.PeakWorkerMemory.ShouldBeInRange(Most / 10, Most);
    }
}
