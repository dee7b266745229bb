using System.Text.Json.Nodes;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.FunctionsHost;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Cli.Serve;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Functions;

/// <summary>A stop saves what was read within the time that the host gives, is no failure, and wakes the next worker at once.</summary>
[Collection(nameof(Alone))]
public sealed class StopTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    private static readonly SandboxFaults SlowSource = new() { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue };

    [Theory, InlineData(StopWay.Signal), InlineData(StopWay.Terminate)]
    public async Task A_stop_saves_the_run_in_time_and_the_next_worker_continues_at_once(StopWay way)
    {
        Sandbox.Faults = SlowSource;
        Settings["Kapso__MaxConcurrency"] = "4";
        StandInHost first = await StartAsync();
        string id = await BeginNightAsync(first);
        var caller = new ExportCaller(Http(first));
        await UntilAsync(first, async () => Done(await caller.GetAsync($"/api/runs/{id}")) >= 18);

        StopOutcome stop = await first.StopAsync(way);

        stop.HadToBeKilled.ShouldBeFalse();
        stop.Took.ShouldBeLessThan(TimeSpan.FromSeconds(10), "the host's own limit");
        first.Deliveries.Where(d => d.Function == "ExecuteRun").ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Result.ShouldBe(DeliveryResult.Done, d.Error + Words(first)));
        ProgressDocument interrupted = (await new ProgressDocuments(Store).ReadAsync(id, Cancellation))!;
        (interrupted.Status, interrupted.Interrupted).ShouldBe((RunStatus.Running, true), Words(first));
        (await Queues.CountAsync(RunMessage.QueueName, Cancellation)).ShouldBe(1, "the next worker is woken");
        JournalHead head = (await new RunJournal(Store, id).ReadHeadAsync(Cancellation))!;
        (head.Attempts, head.Stalled).ShouldBe((0, 0));

        long before = Sandbox.RequestCount;
        Sandbox.Faults = SandboxFaults.None;
        StandInHost next = await StartAsync(o => o with { FiresStartupTimers = false });
        (await EndNightAsync(next, id)).ShouldBe("Succeeded", Words(next));
        (Sandbox.RequestCount - before).ShouldBeLessThan(before, "finished conversations are not requested again");
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(Sandbox, new Dictionary<string, MovingListing>()));
    }

    private static long Done(JsonNode status) => (long)status["progress"]!["conversations"]!["done"]!;
}
