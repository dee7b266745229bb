using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Runs.Sweeps;

/// <summary>A known message counts as removed only when two complete full sweeps in a row lack it.</summary>
public sealed class RemovalTests
{
    private static readonly TimeSpan Lookback = TimeSpan.FromDays(7);

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    public async Task One_deletion_is_noticed_by_the_count_and_removed_after_a_second_sweep(SandboxOrder order)
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(order, 2_000);
        string deleted = listing.At(700).Id;
        listing.Delete(deleted);

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull, reading.Sweeps, reading.Verdict.Removed.Count, reading.Remark).ShouldBe((true, true, 2, 1, null));
        archive.Ids.ShouldNotContain(deleted);
        archive.Ids.Count.ShouldBe(1_999);
        int quiet = ListingReading.QuietPages(1_999);
        reading.Pages.ShouldBeLessThanOrEqualTo((2 * quiet) + (order == SandboxOrder.NewestFirst ? 0 : 2), "newest first, no page is read twice; oldest first, the tail is");
    }

    [Fact]
    public async Task A_conversation_of_one_page_costs_two_requests_on_the_night_of_a_deletion()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 80);
        listing.Delete(listing.At(40).Id);

        ListingReading reading = await archive.ReadAsync();

        (reading.Pages, reading.Verdict.Removed.Count).ShouldBe((2, 1));
        (await archive.ReadAsync()).Pages.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_the_second_sweep_shows_again_is_not_removed()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 150);
        SandboxMessage message = listing.At(120);
        listing.Delete(message.Id);
        listing.After(listing.RequestsMade + 2, moving => moving.Insert(message));

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Sweeps, reading.Verdict.Removed.Count, reading.Remark).ShouldBe((true, 2, 0, null));
        archive.Ids.Count.ShouldBe(150);
    }

    [Fact]
    public async Task A_removed_message_that_comes_back_is_new_and_the_reading_ends_where_the_count_agrees_again()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 2_000);
        SandboxMessage message = listing.At(700);
        listing.Delete(message.Id);
        await archive.ReadAsync();
        listing.Insert(message);

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull, reading.Sweeps).ShouldBe((true, false, 1));
        reading.Pages.ShouldBeLessThan(ListingReading.QuietPages(2_000));
        archive.Ids.ShouldContain(message.Id);
    }

    [Fact]
    public async Task Two_sweeps_that_agreed_are_two()
    {
        MovingListing listing = HeadSweepTests.Year(SandboxOrder.Unordered, 400);
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();
        listing.Delete(listing.At(200).Id);

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Sweeps, reading.Verdict.Removed.Count).ShouldBe((true, 2, 1));
    }

    [Fact]
    public async Task A_removal_that_no_second_complete_sweep_confirms_waits_and_is_told()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 150);
        listing.Delete(listing.At(120).Id);
        listing.Delete(listing.At(110).Id);
        // The second sweep finds a count that does not fit.
        listing.After(listing.RequestsMade + 2, moving => moving.Oddities = new SandboxOddities { TotalCountOffset = 3 });

        ListingReading reading = await archive.ReadAsync(maxSweeps: 2);

        (reading.IsComplete, reading.Verdict.IsFull, reading.Verdict.Removed.Count).ShouldBe((true, true, 0));
        reading.Remark.ShouldBe("2 known messages were not listed; that this is a removal awaits confirmation by another complete sweep");
        archive.Ids.Count.ShouldBe(150);
    }

    [Fact]
    public async Task What_the_second_sweep_finds_besides_is_emitted_once()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 600);
        listing.Delete(listing.At(120).Id);
        int first = ListingReading.QuietPages(599);
        listing.After(listing.RequestsMade + first + 2, moving => moving.InsertNewest());

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.Removed.Count, archive.Ids.Count, reading.Ids.Count).ShouldBe((true, 1, 600, 600));
    }

    private static async Task<(MovingListing Listing, ArchiveOfOne Archive)> KnownAsync(SandboxOrder order, int count)
    {
        MovingListing listing = HeadSweepTests.Year(order, count);
        var archive = new ArchiveOfOne(listing, Lookback);
        (await archive.ReadAsync()).IsComplete.ShouldBeTrue();
        return (listing, archive);
    }
}
