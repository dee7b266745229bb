using System.Security.Cryptography;
using System.Text;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Functions;

/// <summary>A stop while a large part is being uploaded to a store that takes two seconds for each request: it cannot be closed in time, so
/// it is dropped.</summary>
[Collection(nameof(Alone))]
public sealed class LargePartStopTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private const string Large = "5a1f0000-0000-4000-8000-000000000001";

    private static readonly SandboxFaults SlowSource = new() { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue };

    // By default 24 MB in each of the two formats are uploaded before the stop. Whole, they are 240 MB: nearly all that a part may hold.
    private static readonly int Pages = Samples.Count(byDefault: 80, all: 200);

    private static readonly int TextBytes = Samples.Count(byDefault: 12_000, all: 30_000);

    private static readonly int BlocksBefore = Samples.Count(byDefault: 6, all: 60);

    private readonly FunctionsFixture _fixture = fixture;

    protected override SandboxOptions World => base.World with { Conversations = 10, Messages = 600 };

    [Theory]
    [InlineData(StopWay.Signal, 8)]
    [InlineData(StopWay.Terminate, 4)]
    public async Task A_large_part_that_cannot_be_closed_in_time_is_dropped_and_only_its_pages_are_read_again(StopWay way, int seconds)
    {
        await using StorageProxy proxy = await StorageProxy.StartAsync(_fixture.Azurite, Cancellation);
        Settings["Archive__ConnectionString"] = proxy.ConnectionString;
        Settings["Kapso__MaxConcurrency"] = "4";
        MovingListing large = AddLarge();
        MovingListing[] others = [.. Sandbox.Data.Conversations.Select(c => Sandbox.Listings.Moving(c.Id))];
        string id = await ReadTheOthersAsync(others, large);
        (long ofOthers, long ofLarge) = (others.Sum(o => o.RequestsMade), large.RequestsMade);

        StandInHost stopped = await StartAsync(o => o with { FiresStartupTimers = false });
        await UntilUploadedAsync(stopped, proxy);
        proxy.Latency = TimeSpan.FromSeconds(2);
        StopOutcome stop = await stopped.StopAsync(way);
        proxy.Latency = TimeSpan.Zero;
        proxy.LetPass();

        TestContext.Current.TestOutputHelper!.WriteLine($"{stop.Took.TotalSeconds:0.0} s, {large.RequestsMade - ofLarge} pages dropped");
        stop.HadToBeKilled.ShouldBeFalse();
        stop.Took.ShouldBeLessThan(TimeSpan.FromSeconds(seconds), "the budget of a stop");
        stopped.Deliveries.Where(d => d.Function == "ExecuteRun").ShouldHaveSingleItem().Result.ShouldBe(DeliveryResult.Done, Words(stopped));
        (await Queues.CountAsync(RunMessage.QueueName, Cancellation)).ShouldBe(1, "the next worker is woken");

        StandInHost next = await StartAsync(o => o with { FiresStartupTimers = false });
        (await EndNightAsync(next, id)).ShouldBe("Succeeded", Words(next));
        others.Sum(o => o.RequestsMade).ShouldBe(ofOthers, "their part was closed before");
        Dictionary<string, MovingListing> all = Sandbox.Data.Conversations.Select(c => c.Id).Append(Large).Zip(others.Append(large)).ToDictionary(StringComparer.Ordinal);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(Sandbox, all));
    }

    /// <summary>A worker reads all conversations but the large one, and is stopped: their part is closed.</summary>
    /// <returns>The run.</returns>
    private async Task<string> ReadTheOthersAsync(MovingListing[] others, MovingListing large)
    {
        Sandbox.Faults = SlowSource;
        StandInHost host = await StartAsync();
        string id = await BeginNightAsync(host);
        // They are read when none of them was requested for as long as a dozen requests of the large one take.
        for (long ofOthers = -1; ofOthers != others.Sum(o => o.RequestsMade) || others.Any(o => o.RequestsMade == 0);)
        {
            ofOthers = others.Sum(o => o.RequestsMade);
            long ofLarge = large.RequestsMade;
            await UntilAsync(host, () => large.RequestsMade >= ofLarge + 12);
        }

        (await host.StopAsync(StopWay.Signal)).HadToBeKilled.ShouldBeFalse();
        Sandbox.Faults = SandboxFaults.None;
        return id;
    }

    /// <summary>Waits until so many blocks of 8 MB of the open part are in the store.</summary>
    private static async Task UntilUploadedAsync(StandInHost host, StorageProxy proxy)
    {
        int blocks = 0;
        proxy.StrikeAll(
            request =>
            {
                if (request.Contains("/messages", StringComparison.Ordinal) && request.Contains("comp=block&", StringComparison.Ordinal))
                    Interlocked.Increment(ref blocks);
                return false;
            },
            StorageFault.None);
        await UntilAsync(host, () => Volatile.Read(ref blocks) >= BlocksBefore);
    }

    /// <summary>A conversation of random texts, which no compression makes small.</summary>
    private MovingListing AddLarge()
    {
        DateTimeOffset newest = Sandbox.Data.Conversations[0].LastActiveAt;
        SandboxMessage[] messages = [.. Enumerable.Range(0, Pages * 100).Select(i => Message(i, newest.AddSeconds(-i)))];
        return Sandbox.Listings.AddConversation(new SandboxConversation(Large, "+15550100", "Large", "active", newest, messages.Length), messages);
    }

    private static SandboxMessage Message(int number, DateTimeOffset createdAt)
    {
        string id = new Guid(number, 9, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString();
        string text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TextBytes * 3 / 4));
        string record = $$"""{"id":"{{id}}","message_type":"text","content":"{{text}}","direction":"inbound","status":"delivered","created_at":"{{createdAt.UtcDateTime:O}}"}""";
        return SandboxMessage.Read(Encoding.UTF8.GetBytes(record), id, createdAt);
    }
}
