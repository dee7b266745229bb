using System.Net;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;

namespace KapsoArchive.Tests.Functions;

/// <summary>One message that the queue delivers several times at once, as it may.</summary>
public sealed class DuplicateDeliveryTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private readonly FunctionsFixture _fixture = fixture;

    protected override SandboxOptions World => base.World with { Conversations = 8, Messages = 1_600, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.1, MaxConsecutive = int.MaxValue } };

    [Theory]
    [InlineData("/api/runs", null)]
    [InlineData("/api/exports", """{"conversations": "all", "formats": ["jsonl"]}""")]
    public async Task One_message_delivered_eight_times_at_once_requests_nothing_twice(string address, string? body)
    {
        Settings["Kapso__MaxConcurrency"] = "1"; // Several requests at once choose their pages by how the earlier ones arrive.
        long once = await RequestsAsync(address, body, hosts: 1, deliveries: 1);

        long eightTimes = await RequestsAsync(address, body, hosts: 2, deliveries: 8);

        once.ShouldBeGreaterThan(16, "a page or more of each conversation, and the list");
        eightTimes.ShouldBe(once);
    }

    /// <summary>Has an empty archive carry out a run or an export whose message the hosts receive this many times before any has ended.</summary>
    /// <returns>The requests to the source.</returns>
    private async Task<long> RequestsAsync(string address, string? body, int hosts, int deliveries)
    {
        Settings["Archive__Container"] = _fixture.Azurite.NewContainerName();
        StandInHost front = await StartAsync(o => o with { ListensToQueues = false, FiresStartupTimers = false });
        using HttpClient http = Http(front);
        await UntilReadyAsync(http);
        long before = Sandbox.RequestCount;
        using StringContent? content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage accepted = await http.PostAsync(address, content, Cancellation);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        QueueClient queue = Queues.GetQueueClient(RunMessage.QueueName);
        PeekedMessage message = (await queue.PeekMessagesAsync(cancellationToken: Cancellation)).Value.ShouldHaveSingleItem();
        for (int more = 1; more < deliveries; more++)
            await queue.SendMessageAsync(message.Body, cancellationToken: Cancellation);

        StandInHost[] all = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => StartAsync(o => o with { FiresStartupTimers = false })));
        foreach (StandInHost host in all)
            await UntilAsync(host, () => host.Deliveries.Count == deliveries / hosts);

        all.Select(h => h.MostAtOnce("ExecuteRun")).ShouldAllBe(most => most == deliveries / hosts);
        all.SelectMany(h => h.Deliveries).Select(d => d.Result).ShouldBe(Enumerable.Repeat(DeliveryResult.Done, deliveries));
        (await Queues.CountAsync(RunMessage.QueueName, Cancellation)).ShouldBe(0, "wake-ups do not multiply");
        ((string)(await new ExportCaller(http).GetAsync(accepted.Headers.Location!.ToString()))["status"]!).ShouldBe("Succeeded", string.Join('\n', all.Select(Words)));
        await Task.WhenAll(all.Select(h => h.StopAsync(StopWay.Terminate)));
        return Sandbox.RequestCount - before;
    }

    private static async Task UntilReadyAsync(HttpClient http)
    {
        while ((await http.GetAsync("/api/health/ready", Cancellation)).StatusCode != HttpStatusCode.OK)
            await Task.Delay(100, Cancellation);
    }
}
