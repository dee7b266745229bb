using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Upgrades;

/// <summary>What an older program left goes on under this one: see <c>Fixtures/schema2/README.md</c>.</summary>
public sealed class FixtureTests
{
    [Theory]
    [InlineData(FixtureArchive.AtRest)]
    [InlineData(FixtureArchive.HalfFinished)]
    [InlineData(FixtureArchive.HalfPublished)]
    [InlineData(FixtureArchive.HalfCommitted)]
    public async Task The_next_night_reads_only_what_is_new(string name)
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(name);
        if (name == FixtureArchive.AtRest)
            fixture.NextNight();
        await fixture.RunAsync();
        await fixture.ShouldHoldTheListingAsync("after night 4");
        fixture.NextNight();
        (fixture.Settings["Archive:Lookback"], fixture.Settings["Archive:FullSweepEvery"]) = ("1.00:00:00", "365.00:00:00");

        (IReadOnlyList<Manifest> runs, long requests) = await fixture.RunAsync();

        runs.ShouldHaveSingleItem().Status.ShouldBe("Succeeded");
        await ShouldBeLessThanAllAsync(requests, fixture);
        await fixture.ShouldBeSoundAsync("after night 5");
        await fixture.ShouldHoldTheListingAsync("after night 5");
    }

    [Theory]
    [InlineData(FixtureArchive.HalfFinished)]
    [InlineData(FixtureArchive.HalfPublished)]
    [InlineData(FixtureArchive.HalfCommitted)]
    public async Task A_killed_run_is_finished_and_not_started_again(string name)
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(name);
        await fixture.ShouldBeSoundAsync("before");

        (IReadOnlyList<Manifest> runs, long requests) = await fixture.RunAsync(fixture.World.Samples);

        runs.Count.ShouldBe(2);
        runs[0].RunId.ShouldStartWith("20261107T020000Z-", customMessage: "the run that was killed");
        runs.ShouldAllBe(r => r.Status == "Succeeded");
        await ShouldBeLessThanAllAsync(requests, fixture);
        await fixture.ShouldBeSoundAsync("after");
        await fixture.ShouldHoldTheListingAsync("after");
        Directory.Exists(Path.Combine(fixture.Folder, "_state/journal")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_archive_at_rest_has_what_the_sandbox_listed()
    {
        await using FixtureArchive fixture = await FixtureArchive.OpenAsync(FixtureArchive.AtRest);

        await fixture.ShouldBeSoundAsync("at rest");
        await fixture.ShouldHoldTheListingAsync("at rest");
        fixture.Exports.Count.ShouldBe(2);
        fixture.World.Requests.ShouldBe(0);
    }

    private static async Task ShouldBeLessThanAllAsync(long requests, FixtureArchive fixture)
    {
        long all = await fixture.RequestsOfFullReadAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{requests} requests; reading everything takes {all}");
        requests.ShouldBeLessThan(all);
    }
}
