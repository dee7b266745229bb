using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Api;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>Wake-ups neither multiply nor name what does not exist, and a stop is no failure.</summary>
public sealed class WakeUpTests : DispatchTest
{
    private static readonly SandboxOptions SlowWorld = new()
    {
        Conversations = 30,
        Messages = 3_000,
        Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.5, MaxConsecutive = int.MaxValue },
    };

    [Fact]
    public async Task Twenty_starting_instances_leave_at_most_one_wake_up_per_unfinished_run()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(SlowWorld, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Kapso:MaxConcurrency", "1")]);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        for (int instance = 0; instance < 20; instance++)
            await harness.Worker.ResumeAsync(Cancellation);
        RunMessage[] messages = [.. Taken(harness.Wakes)];
        messages.Length.ShouldBeGreaterThanOrEqualTo(20);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task[] handled = [.. messages.Select(m => Task.Run(() => harness.Worker.HandleAsync(m, stop.Token), Cancellation))];

        while (handled.Count(t => !t.IsCompleted) > 1)
            await Task.WhenAny(handled.Where(t => !t.IsCompleted));
        Taken(harness.Wakes).ShouldBeEmpty("one carries the run out, and what woke the others is dropped");

        await stop.CancelAsync();
        await Task.WhenAll(handled);
        Taken(harness.Wakes).ShouldBe([new RunMessage(id, RunKind.Export)], "the one that was stopped wakes the next");
    }

    [Fact]
    public async Task A_wake_up_is_redelivered_after_its_holder_dies()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        Taken(harness.Wakes).Count.ShouldBe(1);
        await using (await Store.LockAsync(new StorePath(StoreArea.State, $"export-locks/{id}"), "an export started by a test", Cancellation))
            await harness.Worker.HandleAsync(new RunMessage(id, RunKind.Export), Cancellation);

        Taken(harness.Wakes).ShouldBe([new RunMessage(id, RunKind.Export)]);
        harness.Wakes.Delay.ShouldBe(TimeSpan.FromSeconds(2), "the lock is one of this process");
    }

    [Fact]
    public async Task Twenty_stops_use_up_no_attempt()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(SlowWorld, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Kapso:MaxConcurrency", "8")]);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        for (int i = 0; i < 20; i++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            stop.CancelAfter(TimeSpan.FromMilliseconds(50));
            await InterruptedAsync(harness, stop.Token);
        }

        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("20260101T000000Z-0000000G")]
    [InlineData("")]
    public async Task A_message_with_an_invalid_id_is_dropped(string id)
    {
        await using SandboxServer sandbox = await SandboxAsync();
        using var log = new LogBook();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, logs: log);

        await harness.Worker.HandleAsync($$"""{"run_id":"{{id}}","kind":"Export"}""", Cancellation);

        log.Problems.ShouldHaveSingleItem().ShouldContain("cannot be read");
        (await NamesAsync(StoreArea.State)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_poison_message_wakes_a_worker_for_unfinished_work()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        using var log = new LogBook();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, logs: log);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        RunMessage message = Taken(harness.Wakes).ShouldHaveSingleItem();

        await harness.Worker.DropAsync(message.ToJson(), Cancellation);

        Taken(harness.Wakes).ShouldBe([message]);
        log.Problems.ShouldHaveSingleItem().ShouldContain(id);
    }

    private static List<RunMessage> Taken(RecordingQueue queue)
    {
        List<RunMessage> taken = [];
        while (queue.TryTake(out RunMessage? message))
            taken.Add(message!);
        return taken;
    }
}
