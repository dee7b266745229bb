using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Runs.Dispatch;

/// <summary>Runs that are driven slice by slice, through interruptions and faults.</summary>
public sealed class RunDriverTests : DispatchTest
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
    public async Task An_interrupted_export_queues_itself_again_and_goes_on_where_it_was()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 120, Messages = 4_000 }, cancellationToken: Cancellation);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(80).Id).After(0, _ => interrupt.Cancel());
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        await InterruptedAsync(harness, interrupt.Token);
        RunRecord interrupted = (await harness.Exports.FindAsync(id, Cancellation))!;
        (interrupted.Status, interrupted.Interrupted, interrupted.HasEnded).ShouldBe((RunStatus.Running, true, false));
        interrupted.Progress.Conversations.Done.ShouldBeGreaterThan(50);
        (await NamesAsync(StoreArea.Exports)).ShouldBeEmpty("a part of an export is none");
        long before = sandbox.RequestCount;

        RunRecord ended = await EndAsync(harness, id);

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
            id = (await dead.Exports.CreateAsync(Request(), null, Cancellation)).RunId; // With it goes its queue.

        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        (await harness.Unfinished.QueueAllAsync(Cancellation)).ShouldBe(1);

        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);
        (await harness.Unfinished.QueueAllAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task While_the_source_is_down_the_message_comes_again_and_in_the_end_the_export_failed()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        var message = new RunMessage(id, RunKind.Export);
        for (int attempt = 0; attempt < 8; attempt++)
            await Should.ThrowAsync<SourceUnavailableException>(() => harness.Driver.HandleAsync(message, Cancellation));
        RunRecord waiting = (await harness.Exports.FindAsync(id, Cancellation))!;
        (waiting.Status, waiting.Interrupted).ShouldBe((RunStatus.Running, true), "it is no fault of the export, so it is not given up by itself");

        await harness.Driver.FailAsync(message, Cancellation);

        RunRecord failed = (await harness.Exports.FindAsync(id, Cancellation))!;
        (failed.Status, failed.HasEnded).ShouldBe((RunStatus.Failed, true));
        failed.Error.ShouldNotBeNull().ShouldContain("list of conversations");
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{id}.json"]);
        await harness.Driver.FailAsync(message, Cancellation);
        (await harness.Exports.FindAsync(id, Cancellation))!.ToJson().ShouldBe(failed.ToJson(), "told twice, it is as it was");
    }

    [Fact]
    public async Task A_refused_key_fails_the_export_at_once()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, key: "wrong");
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;

        RunRecord ended = await EndAsync(harness, id);

        ended.Status.ShouldBe(RunStatus.Failed);
        ended.Error.ShouldNotBeNull().ShouldContain("Kapso:ApiKey");
        sandbox.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_nightly_run_keeps_what_it_read_and_the_next_night_goes_on_from_there()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 120, Messages = 4_000 }, cancellationToken: Cancellation);
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(60).Id)
            .After(0, _ => sandbox.Faults = new SandboxFaults { InternalError = 1, MaxConsecutive = int.MaxValue });
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Archive:Conversations", "all"), new("Archive:Formats", "parquet,jsonl")]);
        string runId = (await harness.Nightly.StartAsync("timer", Cancellation)).RunId!;
        var message = new RunMessage(runId, RunKind.Archive);
        await Should.ThrowAsync<SourceUnavailableException>(() => harness.Driver.HandleAsync(message, Cancellation));
        await harness.Driver.FailAsync(message, Cancellation);
        RunRecord failed = (await new RunRecords(Store).ReadAsync(runId, Cancellation))!;
        (failed.Status, failed.Interrupted).ShouldBe((RunStatus.Failed, true));
        failed.Error.ShouldNotBeNull().ShouldContain("What was read is kept");
        failed.Progress.Conversations.Done.ShouldBeGreaterThan(30);
        sandbox.Faults = SandboxFaults.None;
        long before = sandbox.RequestCount;

        Manifest resumed = (await ResumeAsync(harness)).ShouldHaveSingleItem();

        (resumed.RunId, resumed.Status, resumed.Totals.Rows.Added).ShouldBe((runId, "Succeeded", 4_000));
        (sandbox.RequestCount - before).ShouldBeLessThan(before + 120);
        (await PresentState.ArchivedAsync(Store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    private static async Task<IReadOnlyList<Manifest>> ResumeAsync(RunHarness harness)
    {
        await harness.RunAsync();
        return harness.Tracker.Resumed;
    }
}
