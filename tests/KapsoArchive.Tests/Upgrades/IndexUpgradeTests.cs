using KapsoArchive.Core.Index;
using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Upgrades;

/// <summary>The index of an older program: accepted by <c>verify</c>, made anew from the parts by the next run, and no message is written
/// again for it.</summary>
public sealed class IndexUpgradeTests
{
    private static readonly IndexForm First = new(1, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_run_rebuilds_the_index_and_writes_no_message()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.AtRest);
        (await FormAsync(fixture)).ShouldBe(First);
        await fixture.ShouldBeSoundAsync("before");
        await using RunHarness harness = fixture.Harness();

        Manifest run = await harness.RunAsync(full: true, Cancellation);

        run.Totals.Rows.ShouldBe(new RowTotals(0, 0, 0, 0));
        harness.Tracker.IndexRebuilt.ShouldBe("It has fingerprints of version 1, but the run uses version 2.");
        (await FormAsync(fixture)).ShouldBe(IndexForm.Current);
        await fixture.ShouldBeSoundAsync("after");
    }

    [Theory]
    [InlineData(FixtureArchive.HalfFinished)]
    [InlineData(FixtureArchive.HalfPublished)]
    [InlineData(FixtureArchive.HalfCommitted)]
    public async Task A_run_of_an_earlier_version_is_finished_with_its_fingerprints(string name)
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(name);
        await using RunHarness harness = fixture.Harness();
        var message = new RunMessage((await RunJournal.UnfinishedAsync(fixture.Store, RunKind.Archive, Cancellation)).Single(), RunKind.Archive);
        while (await new RunJournal(fixture.Store, message.RunId!).ExistsAsync(Cancellation))
            await harness.Worker.HandleAsync(message, Cancellation);

        (await FormAsync(fixture)).ShouldBe(First);
        await fixture.ShouldBeSoundAsync("after the run of the older program");
        Manifest next = await harness.RunAsync(full: true, Cancellation);
        next.Totals.Rows.ShouldBe(new RowTotals(0, 0, 0, 0));
        (await FormAsync(fixture)).ShouldBe(IndexForm.Current);
        await fixture.ShouldBeSoundAsync("after the next");
        await fixture.ShouldHoldTheListingAsync("after the next");
    }

    [Fact]
    public async Task An_archive_without_its_old_parts_continues_with_its_index()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.AtRest);
        File.Delete(Directory.GetFiles(Path.Combine(fixture.Folder, "messages"), "20261104T*.parquet", SearchOption.AllDirectories).Single());
        fixture.NextNight();

        (IReadOnlyList<Manifest> runs, _) = await fixture.RunAsync();

        runs.ShouldHaveSingleItem().Status.ShouldBe("Succeeded");
        (await FormAsync(fixture)).ShouldBe(First);
    }

    [Fact]
    public async Task Names_from_earlier_runs_are_kept_by_runs_that_read_by_id()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.AtRest);
        string[] ids = [.. fixture.World.LongestFirst];

        await fixture.RunAsync(ids);

        using DuckDb duck = await fixture.DuckAsync();
        duck.Rows("SELECT conversation_id, phone_number, contact_name FROM conversations_current ORDER BY 1").Select(r => (r[0], r[1], r[2])).ShouldBe(
            fixture.World.Sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => ((object?)c.Id, (object?)c.PhoneNumber, (object?)c.ContactName)));
        await fixture.ShouldBeSoundAsync("after");
    }

    private static async Task<IndexForm> FormAsync(FixtureArchive fixture) => (await ArchiveIndex.ReadAsync(fixture.Store, Cancellation)).Catalog.Form;
}
