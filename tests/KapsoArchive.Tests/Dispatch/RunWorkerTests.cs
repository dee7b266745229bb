using System.Text.Json.Nodes;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Runs;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>Runs that are carried out slice by slice, through interruptions and faults.</summary>
public sealed class RunWorkerTests : DispatchTest
{
    [Fact]
    public async Task A_long_export_takes_slice_after_slice()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 2, Messages = 8_000, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Archive:SliceDuration", "00:00:01"), new("Kapso:MaxConcurrency", "4")]);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;

        int slices = 0;
        for (; await harness.Exports.FindAsync(id, Cancellation) is { HasEnded: false }; slices++)
            (await NextAsync(harness)).RunId.ShouldBe(id);

        slices.ShouldBeGreaterThan(1);
        Manifest manifest = (await harness.Exports.ManifestAsync(id, Cancellation))!;
        (manifest.Status, manifest.Totals.Rows.Added, manifest.Totals.Requests).ShouldBe(("Succeeded", 8_000, sandbox.RequestCount));
    }

    [Fact]
    public async Task An_interrupted_export_wakes_the_next_worker_and_continues()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 120, Messages = 4_000 }, cancellationToken: Cancellation);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(80).Id).After(0, _ => interrupt.Cancel());
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        await InterruptedAsync(harness, interrupt.Token);
        ProgressDocument interrupted = (await harness.Exports.FindAsync(id, Cancellation))!;
        (interrupted.Status, interrupted.Interrupted, interrupted.HasEnded).ShouldBe((RunStatus.Running, true, false));
        interrupted.Progress.Conversations.Done.ShouldBeGreaterThan(50);
        (await NamesAsync(StoreArea.Exports)).ShouldBeEmpty("a part of an export is none");
        long before = sandbox.RequestCount;

        ProgressDocument ended = await EndAsync(harness, id);

        (ended.Status, ended.Interrupted).ShouldBe((RunStatus.Succeeded, false));
        (await harness.Exports.ManifestAsync(id, Cancellation))!.Totals.Rows.Added.ShouldBe(4_000);
        (sandbox.RequestCount - before).ShouldBeLessThan(before, "what was read is not read again");
    }

    [Fact]
    public async Task An_export_whose_process_died_is_found_by_the_next_program()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        string id;
        await using (var dead = new RunHarness(sandbox.BaseUrl, Store))
            id = (await dead.Exports.CreateAsync(Request(), null, Cancellation)).RunId; // With it goes its wake-up.

        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        await harness.Worker.ResumeAsync(Cancellation);

        harness.Wakes.Messages.ShouldBe([new RunMessage(id, RunKind.Export)]);
        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);
        await harness.Worker.ResumeAsync(Cancellation);
        harness.Wakes.Messages.ShouldBeEmpty("nothing is left to do");
    }

    [Fact]
    public async Task A_failing_source_is_tried_five_times_with_growing_pauses()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        var message = new RunMessage(id, RunKind.Export);
        int[] pauses = [10, 60, 300, 900, 0];
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            long before = sandbox.RequestCount;
            await NextAsync(harness);
            sandbox.RequestCount.ShouldBe(before + 1, $"attempt {attempt}");
            (await harness.Exports.FindAsync(id, Cancellation))!.ShouldSatisfyAllConditions(
                r => r.Status.ShouldBe(RunStatus.Running), r => r.Interrupted.ShouldBeTrue(), r => r.Error.ShouldNotBeNull().ShouldContain("list of conversations"));
            harness.Wakes.Messages.ShouldBe([message]);
            harness.Wakes.Delay.TotalSeconds.ShouldBe(pauses[attempt - 1]);
            time.Advance(TimeSpan.FromSeconds(Math.Max(0, pauses[attempt - 1] - 1)));
            for (int early = 0; early < 3 && pauses[attempt - 1] > 0; early++)
                await NextAsync(harness);
            sandbox.RequestCount.ShouldBe(before + 1, "a message before its time asks nothing");
            harness.Wakes.Messages.ShouldBe([message]);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        long asked = sandbox.RequestCount;
        await NextAsync(harness);

        ProgressDocument failed = (await harness.Exports.FindAsync(id, Cancellation))!;
        (failed.Status, failed.HasEnded, sandbox.RequestCount).ShouldBe((RunStatus.Failed, true, asked));
        failed.Error.ShouldNotBeNull().ShouldContain("It was given up after several attempts. The last error:");
        failed.Error.ShouldContain("list of conversations");
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{id}.json"]);
        harness.Wakes.GivenUp.ShouldBe([message]);
        harness.Wakes.Messages.ShouldBeEmpty();
        await harness.Worker.HandleAsync(message, Cancellation);
        (await harness.Exports.FindAsync(id, Cancellation))!.ToJson().ShouldBe(failed.ToJson(), "a late message changes nothing");
    }

    [Fact]
    public async Task A_run_that_makes_progress_is_retried_without_limit()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 120, Messages = 4_000 }, cancellationToken: Cancellation);
        SandboxConversation[] ordered = [.. sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal)];
        for (int at = 10; at < 108; at += 12) // Behind the last, enough conversations fail to stop the run.
            sandbox.Listings.Moving(ordered[at].Id).After(0, _ => sandbox.Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue });
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time, settings: [new("Archive:Conversations", "all"), new("Kapso:MaxConcurrency", "1")]);
        string runId = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        int attempts = 0;
        for (; (await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!.Status is RunStatus.NotStarted or RunStatus.Running; attempts++)
        {
            sandbox.Faults = SandboxFaults.None;
            await NextAsync(harness);
            time.Advance(TimeSpan.FromMinutes(15));
        }

        attempts.ShouldBeGreaterThan(5);
        (await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    [Fact]
    public async Task An_export_between_attempts_is_cancelled_at_once()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        await NextAsync(harness);

        await harness.Exports.CancelAsync(id, Cancellation);

        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Canceled);
        sandbox.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task If_every_wake_up_is_lost_the_timer_completes_the_work()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, time: time);
        string[] ids = [.. (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => harness.Exports.CreateAsync(Request(), null, Cancellation)))).Select(r => r.RunId)];
        int ticks = 0;
        for (; ticks < 100 && (await NamesAsync(StoreArea.State, "export-journal/")).Count > 0; ticks++)
        {
            while (harness.Wakes.TryTake(out _))
            {
            }

            time.Advance(TimeSpan.FromMinutes(10));
            await harness.Worker.ResumeAsync(Cancellation);
            await NextAsync(harness);
            sandbox.Faults = SandboxFaults.None;
        }

        ticks.ShouldBe(4, "one failed attempt, then an export each ten minutes");
        foreach (string id in ids)
            (await harness.Exports.FindAsync(id, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded);
    }

    [Fact]
    public async Task An_attempt_is_counted_before_its_work_starts_and_old_journals_count_zero()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        var head = new StorePath(StoreArea.State, $"export-journal/{id}/run.json");
        JsonObject old = await HeadAsync(head);
        foreach (string member in (string[])["attempts", "not_before", "given_up"])
            old.Remove(member);
        await File.WriteAllTextAsync(Path.Combine(Store.LocationOf(StoreArea.State), head.Name), old.ToJsonString(), Cancellation);
        JsonObject? seen = null;
        sandbox.Listings.Moving(sandbox.Data.Conversations[0].Id).After(0, _ => seen = HeadAsync(head).GetAwaiter().GetResult());

        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);

        ((int)seen.ShouldNotBeNull()["attempts"]!, (bool)seen["given_up"]!).ShouldBe((1, false));
    }

    [Fact]
    public async Task A_refused_key_fails_the_export_at_once()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, key: "wrong");
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;

        ProgressDocument ended = await EndAsync(harness, id);

        ended.Status.ShouldBe(RunStatus.Failed);
        ended.Error.ShouldNotBeNull().ShouldContain("Kapso:ApiKey");
        sandbox.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_nightly_run_keeps_what_it_read_and_the_next_night_continues()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 120, Messages = 4_000 }, cancellationToken: Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(60).Id)
            .After(0, _ => sandbox.Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue });
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var harness = new RunHarness(
            sandbox.BaseUrl, Store, time: time, settings: [new("Archive:Conversations", "all"), new("Archive:Formats", "parquet,jsonl")]);
        string runId = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        while ((await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!.Status is RunStatus.NotStarted or RunStatus.Running)
        {
            await NextAsync(harness);
            time.Advance(TimeSpan.FromMinutes(15));
        }

        harness.Wakes.GivenUp.ShouldBe([new RunMessage(runId, RunKind.Archive)]);
        await harness.Worker.HandleAsync(new RunMessage(runId, RunKind.Archive), Cancellation);
        harness.Wakes.Messages.ShouldBeEmpty("it waits for the next night");
        ProgressDocument failed = (await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!;
        (failed.Status, failed.Interrupted).ShouldBe((RunStatus.Failed, true));
        failed.Error.ShouldNotBeNull().ShouldContain("What was read is kept");
        failed.Progress.Conversations.Done.ShouldBeGreaterThan(30);
        sandbox.Faults = SandboxFaults.None;
        long before = sandbox.RequestCount;

        (await harness.Nightly.StartAsync("timer", Cancellation)).RunId.ShouldBe(runId);
        await NextAsync(harness);

        ProgressDocument resumed = (await new ProgressDocuments(Store).ReadAsync(runId, Cancellation))!;
        (resumed.Status, resumed.Progress.Messages).ShouldBe((RunStatus.Succeeded, 4_000));
        (sandbox.RequestCount - before).ShouldBeLessThan(before + 120);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    private async Task<JsonObject> HeadAsync(StorePath head) =>
        JsonNode.Parse((await Store.ReadAsync(head, Cancellation))!.Content.Span)!.AsObject();
}
