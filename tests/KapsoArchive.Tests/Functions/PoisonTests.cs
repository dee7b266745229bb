using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;

namespace KapsoArchive.Tests.Functions;

/// <summary>Messages that cannot be handled.</summary>
public sealed class PoisonTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private const string Message = """{"run_id":"20261122T020000Z-1a2b3c4d","kind":"archive"}""";

    [Fact]
    public async Task A_message_that_fails_five_times_goes_to_the_poison_queue_and_is_logged_there()
    {
        await LoseStoreAsync();
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });

        await SendAsync(Message);
        await UntilAsync(host, () => host.Deliveries.Any(d => d.Function == "FailPoisonedRun"));

        Delivery[] tries = [.. host.Deliveries.Where(d => d.Function == "ExecuteRun")];
        tries.Select(d => (d.DequeueCount, d.Result)).ShouldBe(
            [(1, DeliveryResult.Again), (2, DeliveryResult.Again), (3, DeliveryResult.Again), (4, DeliveryResult.Again), (5, DeliveryResult.Poisoned)]);
        tries.Select(d => d.Text).Distinct().ShouldBe([Message]);
        host.Waits.Of(WaitKind.Redelivery).ShouldBe(Enumerable.Repeat(TimeSpan.FromMinutes(1), 4));
        host.Deliveries.Single(d => d.Function == "FailPoisonedRun").ShouldSatisfyAllConditions(
            d => d.Result.ShouldBe(DeliveryResult.Done, d.Error),
            d => d.Text.ShouldBe(Message));
        host.Log.Lines.First(l => l.Function == "FailPoisonedRun" && l.Source == LineSource.User).Message.ShouldContain("20261122T020000Z-1a2b3c4d");
        (await Queues.CountAsync(RunMessage.QueueName, Cancellation) + await Queues.CountAsync(RunMessage.PoisonQueueName, Cancellation)).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task An_unreadable_message_is_logged_and_dropped(string message)
    {
        StandInHost host = await StartAsync(o => o with { FiresStartupTimers = false });

        await SendAsync(message);
        await UntilAsync(host, () => host.Deliveries.Count > 0);

        host.Deliveries.ShouldHaveSingleItem().Result.ShouldBe(DeliveryResult.Done);
        (await Queues.CountAsync(RunMessage.QueueName, Cancellation) + await Queues.CountAsync(RunMessage.PoisonQueueName, Cancellation)).ShouldBe(0);
    }
}
