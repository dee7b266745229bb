using System.Globalization;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

/// <summary>Runs that take longer than a slice.</summary>
public sealed class SliceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_conversation_of_many_slices_is_read_once()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 2, Messages = 20_000, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.1, MaxConsecutive = int.MaxValue } }, cancellationToken: TestContext.Current.CancellationToken);
        var store = new FolderStore(_folder.Path);
        KeyValuePair<string, string?>[] settings = [new("Archive:SliceDuration", "00:00:01"), new("Kapso:MaxConcurrency", "4")];
        await using var harness = new RunHarness(sandbox.BaseUrl, store, settings: settings);

        Manifest manifest = await harness.RunAsync();

        int slices = manifest.Files.Count(f => f.Dataset == "messages");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slices} slices, {manifest.Totals.Requests} requests"));
        slices.ShouldBeGreaterThan(2, "each slice closes its part");
        manifest.Totals.Rows.Added.ShouldBe(20_000);
        manifest.Totals.Requests.ShouldBe(sandbox.RequestCount);
        manifest.Totals.Requests.ShouldBeInRange(200, 235 + (4 * slices), "pages are not read again: at most those that were under way");
        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    [Fact]
    public async Task A_listing_that_cannot_be_paused_gets_longer_slices_until_it_is_read()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 2, Messages = 900, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.04, MaxConsecutive = int.MaxValue } }, cancellationToken: TestContext.Current.CancellationToken);
        sandbox.Listings.SetOddities(sandbox.Data.Conversations[1].Id, new SandboxOddities { FixedPerPage = 20 });
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path), settings: [new("Archive:SliceDuration", "00:00:01")]);

        Manifest manifest = await harness.RunAsync();

        manifest.Status.ShouldBe("Succeeded");
        manifest.Totals.Rows.Added.ShouldBe(900);
        manifest.Totals.Requests.ShouldBeGreaterThan(60, "it was begun again");
    }

    [Fact]
    public async Task Many_rejected_records_are_counted_across_all_slices()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { Conversations = 2, Messages = 4_000, MalformedShare = 0.6, Faults = new SandboxFaults { Slow = 1, SlowSeconds = 0.1, MaxConsecutive = int.MaxValue } }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path), settings: [new("Archive:SliceDuration", "00:00:01"), new("Kapso:MaxConcurrency", "2")]);

        Manifest manifest = await harness.RunAsync();

        manifest.Totals.Rows.Rejected.ShouldBeGreaterThan(2_000);
        (manifest.Totals.Rows.Added + manifest.Totals.Rows.Rejected).ShouldBe(4_000);
        using var duck = new DuckDb();
        duck.Count($"SELECT sum(rejected)::BIGINT FROM read_parquet('{_folder.Path}/conversations/*/*.parquet')").ShouldBe(manifest.Totals.Rows.Rejected);
        manifest.Files.Count(f => f.Dataset == "messages").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task An_interrupted_run_continues_where_it_stopped()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 300, Messages = 9_000 }, cancellationToken: TestContext.Current.CancellationToken);
        var store = new FolderStore(_folder.Path);
        string middle = sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(200).Id;
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        sandbox.Listings.Moving(middle).After(0, _ => interrupt.Cancel());
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        await Should.ThrowAsync<OperationCanceledException>(() => harness.RunAsync(interrupt.Token));
        harness.Tracker.Leftovers.ShouldNotBeNull().ShouldContain("The next run continues from there");
        long before = sandbox.RequestCount;

        await using var next = new RunHarness(sandbox.BaseUrl, store);
        await next.RunAsync();

        Manifest resumed = next.Tracker.Resumed.ShouldHaveSingleItem();
        resumed.RunId.ShouldBe(harness.Tracker.RunId);
        resumed.Totals.Conversations.Complete.ShouldBe(300);
        resumed.Totals.Rows.Added.ShouldBe(9_000);
        before.ShouldBeGreaterThan(200);
        long ofResumed = resumed.Totals.Requests;
        ofResumed.ShouldBeLessThan(before + 150, "what was read is not read again");
        (await PresentState.ArchivedAsync(store)).ShouldBe(PresentState.Truth(sandbox, new Dictionary<string, MovingListing>()));
    }

    [Fact]
    public async Task A_second_run_names_the_run_under_way()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 3, Messages = 90 }, cancellationToken: TestContext.Current.CancellationToken);
        var store = new FolderStore(_folder.Path);
        await using var harness = new RunHarness(sandbox.BaseUrl, store);
        await store.PrepareAsync(TestContext.Current.CancellationToken);
        await using (StoreLock held = await store.LockAsync(new StorePath(StoreArea.State, "lock"), "an archive run started by timer", TestContext.Current.CancellationToken))
        {
            StoreLockedException e = await Should.ThrowAsync<StoreLockedException>(() => harness.RunAsync());
            e.Message.ShouldContain("an archive run started by timer");
            sandbox.RequestCount.ShouldBe(0);
        }

        (await harness.RunAsync()).Status.ShouldBe("Succeeded");
        (await store.ReadLockAsync(new StorePath(StoreArea.State, "lock"), TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
