using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Runs;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>The nightly run begins once, and never beside another.</summary>
public sealed class NightlyDeskTests : DispatchTest
{
    private static readonly KeyValuePair<string, string?>[] All = [new("Archive:Conversations", "all")];

    [Fact]
    public async Task A_queued_nightly_run_is_carried_out()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: All);

        NightlyStart start = await harness.Nightly.StartAsync("timer", Cancellation);

        start.Outcome.ShouldBe(NightlyOutcome.Begun);
        (await RecordAsync(start.RunId!)).Status.ShouldBe(RunStatus.NotStarted);
        await NextAsync(harness);
        ProgressDocument ended = await RecordAsync(start.RunId!);
        (ended.Status, ended.Trigger, ended.Progress.Messages).ShouldBe((RunStatus.Succeeded, "timer", 1_200));
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    [Fact]
    public async Task Concurrent_requests_start_the_nightly_run_once()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: All);

        NightlyStart[] starts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => harness.Nightly.StartAsync("http", Cancellation))));

        string runId = starts.Single(s => s.Outcome == NightlyOutcome.Begun).RunId!;
        starts.ShouldAllBe(s => s.RunId == null || s.RunId == runId);
        (await harness.Nightly.StartAsync("http", Cancellation)).ShouldSatisfyAllConditions(
            s => s.Outcome.ShouldBe(NightlyOutcome.Joined),
            s => s.RunId.ShouldBe(runId));
        (await NamesAsync(StoreArea.State, "runs/")).ShouldBe([$"runs/{runId}.json"]);
    }

    [Fact]
    public async Task The_nightly_run_starts_after_another_run_under_way()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: All);
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        sandbox.Listings.Moving(sandbox.Data.Conversations[3].Id).After(0, _ =>
        {
            entered.SetResult();
            leave.Task.Wait(Cancellation);
        });
        await using var other = new RunHarness(sandbox.BaseUrl, Store);
        Task<Manifest> running = other.RunAsync(sandbox.Data.Conversations[3].Id);
        await entered.Task.WaitAsync(Cancellation);

        NightlyStart start = await harness.Nightly.StartOrWaitAsync("timer", Cancellation);
        (start.Outcome, start.RunId).ShouldBe((NightlyOutcome.Busy, other.Tracker.RunId));
        (await NamesAsync(StoreArea.State)).ShouldContain("nightly.json", "it waits in the store");
        leave.SetResult();
        (await running).Status.ShouldBe("Succeeded");
        (await NextAsync(harness)).RunId.ShouldBe(other.Tracker.RunId, "in case that nobody was at work on it any more");
        time.Advance(TimeSpan.FromMinutes(1));
        (await NextAsync(harness)).RunId.ShouldBeNull();
        string nightly = (await NamesAsync(StoreArea.State, "runs/"))[^1][5..^5];
        (await NamesAsync(StoreArea.State)).ShouldNotContain("nightly.json");

        (await RecordAsync(nightly)).ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(RunStatus.Succeeded),
            r => r.Trigger.ShouldBe("timer"),
            r => r.Request.Conversations.ShouldBe("all"));
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    [Fact]
    public async Task The_nightly_run_starts_after_a_verification_under_way()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: All);
        await Store.PrepareAsync(Cancellation);
        await using (await Store.LockAsync(new StorePath(StoreArea.State, "lock"), "a verification", Cancellation))
        {
            NightlyStart start = await harness.Nightly.StartAsync("http", Cancellation);
            (start.Outcome, start.RunId).ShouldBe((NightlyOutcome.Busy, null));
            start.Reason.ShouldNotBeNull().ShouldContain("a verification");
        }

        (await harness.Nightly.StartAsync("http", Cancellation)).Outcome.ShouldBe(NightlyOutcome.Begun);
    }

    [Fact]
    public async Task An_old_unfinished_run_is_finished_before_the_nightly_run()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: All);
        string first = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        time.Advance(TimeSpan.FromHours(24));

        NightlyStart start = await harness.Nightly.StartOrWaitAsync("timer", Cancellation);

        (start.Outcome, start.RunId).ShouldBe((NightlyOutcome.Busy, first));
        await NextAsync(harness);
        (await RecordAsync(first)).Status.ShouldBe(RunStatus.Succeeded);
        await NextAsync(harness); // The same once more, which does no harm.
        time.Advance(TimeSpan.FromMinutes(1));
        await NextAsync(harness);
        string[] runs = [.. (await NamesAsync(StoreArea.State, "runs/")).Select(name => name[5..^5])];
        runs.Length.ShouldBe(2);
        runs[0].ShouldBe(first);
        (await RecordAsync(runs[1])).Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task Nights_that_must_wait_become_one_and_survive_the_program()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using (var first = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: All))
        {
            await Store.PrepareAsync(Cancellation);
            await using StoreLock verification = await Store.LockAsync(new StorePath(StoreArea.State, "lock"), "a verification", Cancellation);
            for (int night = 0; night < 3; night++)
                (await first.Nightly.StartOrWaitAsync("timer", Cancellation)).Outcome.ShouldBe(NightlyOutcome.Busy);
        }

        await using var next = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: All);
        time.Advance(TimeSpan.FromMinutes(1));
        await next.Worker.ResumeAsync(Cancellation);
        while (next.Wakes.Messages.Count > 0)
            await NextAsync(next);

        string run = (await NamesAsync(StoreArea.State, "runs/")).ShouldHaveSingleItem("three nights are one run")[5..^5];
        (await RecordAsync(run)).Status.ShouldBe(RunStatus.Succeeded);
        (await NamesAsync(StoreArea.State)).ShouldNotContain("nightly.json");
    }

    [Fact]
    public async Task A_waiting_night_does_not_shorten_the_pauses_of_the_run_before_it()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: All);
        string first = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        await NextAsync(harness);

        await harness.Worker.HandleAsync("""{"kind":"Archive","trigger":"timer"}""", Cancellation);

        harness.Wakes.Delay.ShouldBe(TimeSpan.FromSeconds(10), "the run's next attempt comes before the night");
        for (int minute = 0; minute < 30 && !(await RecordAsync(first)).HasEnded; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            for (int waiting = harness.Wakes.Messages.Count; waiting > 0; waiting--)
                await NextAsync(harness);
        }

        (await RecordAsync(first)).Status.ShouldBe(RunStatus.Failed);
        sandbox.RequestCount.ShouldBeInRange(5, 6, "five attempts, and perhaps the first of the night that waited");
        sandbox.Faults = SandboxFaults.None;
        for (int minute = 0; minute < 3; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            for (int waiting = harness.Wakes.Messages.Count; waiting > 0; waiting--)
                await NextAsync(harness);
        }

        string[] runs = [.. (await NamesAsync(StoreArea.State, "runs/")).Select(name => name[5..^5])];
        runs.Length.ShouldBe(2);
        (await RecordAsync(runs[1])).Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task A_night_queued_by_an_earlier_version_is_started()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: All);
        await Store.PrepareAsync(Cancellation);

        await harness.Worker.HandleAsync("""{"kind":"Archive","trigger":"timer"}""", Cancellation);

        string run = (await NamesAsync(StoreArea.State, "runs/")).ShouldHaveSingleItem()[5..^5];
        (await RecordAsync(run)).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(RunStatus.Succeeded), r => r.Trigger.ShouldBe("timer"));
    }

    [Fact]
    public async Task Its_list_of_conversations_can_be_a_file_in_the_state_area()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await Store.PrepareAsync(Cancellation);
        await Store.CreateAsync(new StorePath(StoreArea.State, "conversations.txt"), System.Text.Encoding.UTF8.GetBytes($"# two of them\n{sandbox.Data.Conversations[1].Id}\n{sandbox.Data.Conversations[4].Id}\n"), Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Archive:Conversations", "@conversations.txt")]);

        string runId = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        await NextAsync(harness);

        (await RecordAsync(runId)).Progress.Conversations.Total.ShouldBe(2);
    }

    [Theory]
    [InlineData(null, "Archive:Conversations (environment Archive__Conversations) is missing")]
    [InlineData("@missing.txt", "there is no file missing.txt")]
    [InlineData("@../outside.txt", "cannot be a file")]
    [InlineData("not an id", "is not a conversation id")]
    public async Task A_wrong_setting_is_named(string? conversations, string says)
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Archive:Conversations", conversations)]);

        (await Should.ThrowAsync<SettingException>(() => harness.Nightly.StartAsync("timer", Cancellation))).Message.ShouldContain(says);
    }

    private async Task<ProgressDocument> RecordAsync(string runId) => (await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!;
}
