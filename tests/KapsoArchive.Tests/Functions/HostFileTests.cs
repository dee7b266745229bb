using System.Net;
using System.Text.Json.Nodes;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;

namespace KapsoArchive.Tests.Functions;

/// <summary>What host.json says is what happens: each test publishes it changed, and sees the difference.</summary>
public sealed class HostFileTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private static readonly SandboxFaults SlowSource = new() { Slow = 1, SlowSeconds = 0.3, MaxConsecutive = int.MaxValue };

    [Fact]
    public async Task It_sets_the_attempts_before_poison_and_their_pauses()
    {
        await LoseStoreAsync();
        StandInHost host = await StartChangedAsync(queues => (queues["maxDequeueCount"], queues["visibilityTimeout"]) = (2, "00:00:07"));

        await SendAsync("""{"run_id":"20261122T020000Z-1a2b3c4d","kind":"archive"}""");
        await UntilAsync(host, () => host.Deliveries.Any(d => d.Function == "FailPoisonedRun"));

        host.Deliveries.Where(d => d.Function == "ExecuteRun").Select(d => d.Result).ShouldBe([DeliveryResult.Again, DeliveryResult.Poisoned]);
        host.Waits.Of(WaitKind.Redelivery).ShouldBe([TimeSpan.FromSeconds(7)]);
    }

    [Fact]
    public async Task It_sets_how_many_messages_are_handled_at_once()
    {
        Sandbox.Faults = SlowSource;
        StandInHost host = await StartChangedAsync(queues => (queues["batchSize"], queues["newBatchThreshold"]) = (2, 1));
        var caller = new ExportCaller(Http(host));

        string[] ids = [.. (await Task.WhenAll(Sandbox.Data.Conversations.Take(3).Select(c => caller.CreateAsync(new { conversations = (string[])[c.Id] })))).Select(a => (string)a.Body["id"]!)];
        foreach (string id in ids)
            await EndAsync(host, $"/api/exports/{id}");

        host.MostAtOnce("ExecuteRun").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task It_sets_the_route_prefix_for_host_and_worker()
    {
        StandInHost host = await StartChangedAsync(_ => { }, routePrefix: "archive/v9");
        using HttpClient http = Http(host);

        (await http.GetAsync("/archive/v9/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/api/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task It_sets_the_time_limit_of_functions()
    {
        Sandbox.Faults = SlowSource with { SlowSeconds = 30 };
        Settings["Archive__SliceDuration"] = "00:00:01";
        StandInHost host = await StartChangedAsync(_ => { }, functionTimeout: "00:00:02");

        string id = await BeginNightAsync(host);
        await UntilAsync(host, () => host.Deliveries.Any(d => d.Function == "ExecuteRun"));

        host.Deliveries.First(d => d.Function == "ExecuteRun").Error.ShouldNotBeNull().ShouldContain("Timeout value of 00:00:02 exceeded");
        ((string)(await new ExportCaller(Http(host)).GetAsync($"/api/runs/{id}"))["status"]!).ShouldBe("Running", "the function goes on");
    }

    [Fact]
    public async Task It_sets_the_poll_interval_of_an_empty_queue()
    {
        StandInHost host = await StartChangedAsync(queues => queues["maxPollingInterval"] = "00:00:03");

        await UntilAsync(host, () => host.Waits.Of(WaitKind.Poll).Count > 20);

        host.Waits.Of(WaitKind.Poll).Max().ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task It_sets_the_message_encoding()
    {
        StandInHost host = await StartChangedAsync(queues => queues["messageEncoding"] = "none");

        await SendAsync("""{"run_id":null,"kind":"archive"}""");
        await UntilAsync(host, () => host.Deliveries.Count > 0);

        host.Log.Lines.ShouldContain(l => l.Function == "ExecuteRun" && l.Message == "A message in the queue cannot be read, and was dropped.");
    }

    private async Task<StandInHost> StartChangedAsync(Action<JsonObject> change, string? routePrefix = null, string? functionTimeout = null)
    {
        string folder = Folder.File("app");
        await PublishedApp.CopyAsync(folder, Cancellation);
        string file = Path.Combine(folder, "host.json");
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        change(json["extensions"]!["queues"]!.AsObject());
        if (routePrefix is not null)
            json["extensions"]!["http"]!["routePrefix"] = routePrefix;
        if (functionTimeout is not null)
            json["functionTimeout"] = functionTimeout;
        await File.WriteAllTextAsync(file, json.ToJsonString(), Cancellation);
        return await StartAsync(o => o with { Folder = folder, FiresStartupTimers = false });
    }
}
