using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Functions;

/// <summary>Runs that take longer than a slice, more than one worker, or the life of one.</summary>
[Collection(nameof(Alone))]
public sealed class LongRunTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private static readonly SandboxFaults SlowSource = new() { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue };

    [Fact]
    public async Task Slices_hand_over_by_the_queue_and_no_message_is_archived_twice()
    {
        Sandbox.Faults = SlowSource;
        Settings["Archive__SliceDuration"] = "00:00:01";
        Settings["Kapso__MaxConcurrency"] = "4";
        StandInHost host = await StartAsync();

        string id = await BeginNightAsync(host);

        (await EndNightAsync(host, id)).ShouldBe("Succeeded", Words(host));
        host.Deliveries.Count(d => d.Function == "ExecuteRun" && d.Result == DeliveryResult.Done).ShouldBeGreaterThanOrEqualTo(3);
        await ShouldHoldTheTruthAsync();
    }

    [Fact]
    public async Task Two_workers_share_the_work()
    {
        Sandbox.Faults = SlowSource;
        StandInHost[] hosts = [await StartAsync(), await StartAsync()];
        var caller = new ExportCaller(Http(hosts[0]));
        SandboxConversation[] wanted = [.. Sandbox.Data.Conversations.Take(8)];

        string[] ids = [.. (await Task.WhenAll(wanted.Select(c => caller.CreateAsync(new { conversations = (string[])[c.Id], formats = (string[])["parquet"] })))).Select(a => (string)a.Body["id"]!)];

        for (int i = 0; i < wanted.Length; i++)
        {
            JsonNode ended = await EndAsync(hosts[0], $"/api/exports/{ids[i]}");
            ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", wanted[i].MessageCount));
        }

        foreach (StandInHost host in hosts)
            host.Deliveries.ShouldContain(d => d.Function == "ExecuteRun" && d.Result == DeliveryResult.Done);
    }

    [Fact]
    public async Task An_export_does_not_wait_for_a_night_under_way()
    {
        Sandbox.Faults = SlowSource;
        Settings["Kapso__MaxConcurrency"] = "2";
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });
        string night = await BeginNightAsync(host);
        await UntilDoneAsync(host, $"/api/runs/{night}", conversations: 1);

        var caller = new ExportCaller(Http(host));
        JsonNode export = (await caller.CreateAsync(new { conversations = (string[])[Sandbox.Data.Conversations[2].Id], formats = (string[])["jsonl"] })).Body;
        ((string)(await EndAsync(host, $"/api/exports/{export["id"]}"))["status"]!).ShouldBe("Succeeded", Words(host));

        ((string)(await caller.GetAsync($"/api/runs/{night}"))["status"]!).ShouldBe("Running");
    }

    /// <remarks>How fast it continues, and that a stop uses up no try, is more than this asks.</remarks>
    [Theory]
    [InlineData(StopWay.Signal)]
    [InlineData(StopWay.Terminate)]
    [InlineData(StopWay.Kill)]
    public async Task However_a_worker_ends_the_next_completes_the_run(StopWay way)
    {
        Sandbox.Faults = SlowSource;
        Settings["Archive__SliceDuration"] = "00:00:01"; // So that there is something to continue from.
        Settings["Kapso__MaxConcurrency"] = "4";
        StandInHost first = await StartAsync();
        string id = await BeginNightAsync(first);
        await UntilDoneAsync(first, $"/api/runs/{id}", conversations: 8);

        await first.StopAsync(way);
        await first.EndLeasesAsync(Cancellation);
        Sandbox.Faults = SandboxFaults.None;
        StandInHost next = await StartAsync();

        (await EndNightAsync(next, id)).ShouldBe("Succeeded", Words(next));
        await ShouldHoldTheTruthAsync();
    }

    [Fact]
    public async Task Sixty_exports_at_once_end_with_two_workers()
    {
        StandInHost[] hosts = [await StartAsync(), await StartAsync()];
        var caller = new ExportCaller(Http(hosts[0]));
        SandboxConversation[] wanted = [.. Enumerable.Range(0, 60).Select(i => Sandbox.Data.Conversations[i % Sandbox.Data.Conversations.Count])];

        string[] ids = [.. (await Task.WhenAll(wanted.Select(c => caller.CreateAsync(new { conversations = (string[])[c.Id], formats = (string[])["jsonl"] })))).Select(a => (string)a.Body["id"]!)];

        for (int i = 0; i < wanted.Length; i++)
        {
            JsonNode ended = await EndAsync(hosts[0], $"/api/exports/{ids[i]}");
            ((string)ended["status"]!, (long)ended["progress"]!["messages"]!).ShouldBe(("Succeeded", wanted[i].MessageCount));
        }
    }

    [Fact]
    public async Task A_worker_whose_host_died_finishes_its_slice_and_the_next_host_repeats_nothing()
    {
        Sandbox.Faults = SlowSource;
        StandInHost orphaned = await StartAsync();
        string id = await BeginNightAsync(orphaned);
        await UntilDoneAsync(orphaned, $"/api/runs/{id}", conversations: 1);

        await orphaned.StopAsync(StopWay.HostAlone);
        Sandbox.Faults = SandboxFaults.None;
        while ((await PresentState.ManifestsAsync(Store)).Count == 0)
            await Task.Delay(50, Cancellation);
        long requests = Sandbox.RequestCount;
        await orphaned.EndLeasesAsync(Cancellation);
        StandInHost next = await StartAsync();
        await UntilAsync(next, () => next.Deliveries.Any(d => d.Function == "ExecuteRun"));

        (await EndNightAsync(next, id)).ShouldBe("Succeeded", Words(next));
        Sandbox.RequestCount.ShouldBe(requests);
        await ShouldHoldTheTruthAsync();
    }

    private static async Task UntilDoneAsync(StandInHost host, string address, int conversations)
    {
        var caller = new ExportCaller(Http(host));
        await UntilAsync(host, async () => (long)(await caller.GetAsync(address))["progress"]!["conversations"]!["done"]! >= conversations);
    }

    private async Task ShouldHoldTheTruthAsync()
    {
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(Sandbox, new Dictionary<string, MovingListing>()));
        Manifest manifest = (await PresentState.ManifestsAsync(Store)).ShouldHaveSingleItem();
        manifest.Totals.Rows.Added.ShouldBe(6_000);
    }
}
