using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Dispatch;

/// <summary>What becomes of an export that is asked for, whatever happens on the way.</summary>
public sealed class ExportDeskTests : DispatchTest
{
    [Fact]
    public async Task A_queued_export_is_carried_out()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);

        ProgressDocument accepted = await harness.Exports.CreateAsync(Request(), null, Cancellation);

        accepted.Status.ShouldBe(RunStatus.NotStarted);
        sandbox.RequestCount.ShouldBe(0);
        ProgressDocument ended = await EndAsync(harness, accepted.RunId);
        ended.Status.ShouldBe(RunStatus.Succeeded);
        ended.Progress.Messages.ShouldBe(1_200);
        (ended.CreatedAt, ended.StartedAt >= ended.CreatedAt, ended.FinishedAt >= ended.StartedAt).ShouldBe((accepted.CreatedAt, true, true));
        Manifest manifest = (await harness.Exports.ManifestAsync(accepted.RunId, Cancellation))!;
        (manifest.Totals.Rows.Added, manifest.Trigger, manifest.Kind).ShouldBe((1_200, "http", "export"));
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{accepted.RunId}.json"], "journal and lock are cleared away");
        Directory.GetFileSystemEntries(Path.Combine(Store.Location, "_state")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe([".lock", "exports", "staging"]);
    }

    [Fact]
    public async Task The_same_operation_id_is_the_same_export_even_in_concurrent_requests()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string[] ids = [.. sandbox.Data.Conversations.Take(2).Select(c => c.Id)];

        ProgressDocument[] accepted = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => harness.Exports.CreateAsync(Request(i % 2 == 0 ? ids : [ids[1], ids[0]]), "one order", Cancellation))));

        string id = accepted.Select(r => r.RunId).Distinct().ShouldHaveSingleItem();
        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);
        (await harness.Exports.CreateAsync(Request(ids), "one order", Cancellation)).Status.ShouldBe(RunStatus.Succeeded);
        OperationConflictException e = await Should.ThrowAsync<OperationConflictException>(() => harness.Exports.CreateAsync(Request(ids[0]), "one order", Cancellation));
        e.ExportId.ShouldBe(id);
        (await harness.Exports.CreateAsync(Request(ids), "another order", Cancellation)).RunId.ShouldNotBe(id);
    }

    [Fact]
    public async Task A_request_cut_off_anywhere_is_completed_by_repeating_it()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        int calls = await CallsOfCreationAsync(sandbox);
        calls.ShouldBeGreaterThan(5);
        for (int at = 1; at <= calls; at++)
        {
            var failing = new FailingStore(Store, at, recovers: false);
            await using var cut = new RunHarness(sandbox.BaseUrl, failing);
            await Should.ThrowAsync<StoreException>(() => cut.Exports.CreateAsync(Request(sandbox.Data.Conversations[0].Id), $"operation {at}", Cancellation));

            await using var harness = new RunHarness(sandbox.BaseUrl, Store);
            ProgressDocument accepted = await harness.Exports.CreateAsync(Request(sandbox.Data.Conversations[0].Id), $"operation {at}", Cancellation);
            (await EndAsync(harness, accepted.RunId)).Status.ShouldBe(RunStatus.Succeeded, $"cut off at call {at}");
        }

        (await NamesAsync(StoreArea.Exports)).Count(n => n.EndsWith("/manifest.json", StringComparison.Ordinal)).ShouldBe(calls + 1);
        (await NamesAsync(StoreArea.State, "export-journal/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_delivered_many_times_at_once_exports_once()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        var message = new RunMessage(id, RunKind.Export);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => harness.Worker.HandleAsync(message, Cancellation))));
        await harness.Worker.HandleAsync(message, Cancellation);

        (await harness.Exports.FindAsync(id, Cancellation))!.Status.ShouldBe(RunStatus.Succeeded);
        (await harness.Exports.ManifestAsync(id, Cancellation))!.Totals.Requests.ShouldBe(sandbox.RequestCount, "nothing was asked twice");
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{id}.json"]);
    }

    [Fact]
    public async Task A_waiting_export_can_be_cancelled()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;

        ProgressDocument ended = (await harness.Exports.CancelAsync(id, Cancellation))!;

        (ended.Status, ended.HasEnded, ended.CancelRequested).ShouldBe((RunStatus.Canceled, true, true), "at once");
        sandbox.RequestCount.ShouldBe(0);
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{id}.json"]);
    }

    [Fact]
    public async Task An_export_under_way_is_cancelled_and_leaves_nothing()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            World with { Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.2, MaxConsecutive = int.MaxValue } }, cancellationToken: Cancellation);
        await using var harness = new RunHarness(sandbox.BaseUrl, Store, settings: [new("Kapso:MaxConcurrency", "1")]);
        string id = (await harness.Exports.CreateAsync(Request(), null, Cancellation)).RunId;
        sandbox.Listings.Moving(sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(1).Id).After(0, _ => harness.Exports.CancelAsync(id, Cancellation).Wait(Cancellation));

        ProgressDocument ended = await EndAsync(harness, id);

        (ended.Status, ended.Manifest).ShouldBe((RunStatus.Canceled, null));
        ended.Progress.Conversations.Done.ShouldBeGreaterThan(0);
        (await NamesAsync(StoreArea.Exports)).ShouldBeEmpty();
        (await NamesAsync(StoreArea.State)).ShouldBe([$"exports/{id}.json"]);
        (await Should.ThrowAsync<ExportEndedException>(() => harness.Exports.CancelAsync(id, Cancellation))).Record.Status.ShouldBe(RunStatus.Canceled);
    }

    [Fact]
    public async Task A_missing_export_cannot_be_found_or_cancelled()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);

        foreach (string id in (string[])["20260101T000000Z-00000000", "", "..", "../runs/x", "20260101T000000Z-0000000G", "20260101T000000Z-00000000\n"])
        {
            (await harness.Exports.FindAsync(id, Cancellation)).ShouldBeNull();
            (await harness.Exports.CancelAsync(id, Cancellation)).ShouldBeNull();
            (await harness.Exports.ManifestAsync(id, Cancellation)).ShouldBeNull();
            (await harness.Exports.FileAsync(id, "manifest.json", Cancellation)).ShouldBeNull();
        }

        Directory.Exists(Store.Location).ShouldBeTrue();
        (await NamesAsync(StoreArea.State)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Exports_are_listed_newest_first_and_page_by_page()
    {
        await using SandboxServer sandbox = await SandboxAsync();
        await using var harness = new RunHarness(sandbox.BaseUrl, Store);
        List<string> ids = [];
        for (int i = 0; i < 5; i++)
            ids.Add((await harness.Exports.CreateAsync(Request(sandbox.Data.Conversations[0].Id), null, Cancellation)).RunId);
        ids = [.. ids.OrderDescending(StringComparer.Ordinal)];

        (IReadOnlyList<ProgressDocument> first, bool more) = await harness.Exports.ListAsync(null, 3, Cancellation);
        (IReadOnlyList<ProgressDocument> rest, bool evenMore) = await harness.Exports.ListAsync(first[^1].RunId, 3, Cancellation);

        first.Concat(rest).Select(r => r.RunId).ShouldBe(ids);
        (more, evenMore).ShouldBe((true, false));
    }

    private async Task<int> CallsOfCreationAsync(SandboxServer sandbox)
    {
        var counting = new FailingStore(Store, int.MaxValue, recovers: false);
        await using var harness = new RunHarness(sandbox.BaseUrl, counting);
        string id = (await harness.Exports.CreateAsync(Request(sandbox.Data.Conversations[0].Id), "operation 0", Cancellation)).RunId;
        int calls = counting.Calls;
        (await EndAsync(harness, id)).Status.ShouldBe(RunStatus.Succeeded);
        return calls;
    }
}
