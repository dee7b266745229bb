using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>A known message counts as removed only when full sweeps of two runs lack it, far enough apart.</summary>
public sealed class RemovalTests
{
    private static readonly TimeSpan Lookback = TimeSpan.FromDays(7);

    private static readonly TimeSpan Grace = TimeSpan.FromDays(3);

    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    public async Task A_deletion_is_written_by_the_first_full_sweep_after_the_grace(SandboxOrder order)
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(order, 2_000);
        string deleted = listing.At(700).Id;
        listing.Delete(deleted);

        ListingReading first = await archive.ReadAsync();
        (first.IsComplete, first.Verdict.IsFull, first.Sweeps, archive.Waiting.Count, archive.Decision.Removed.Count).ShouldBe((true, true, 1, 1, 0));
        for (int night = 1; night < 3; night++)
        {
            ListingReading waiting = await archive.ReadAsync();
            (waiting.Verdict.IsFull, archive.Waiting.Count, archive.Decision.Removed.Count).ShouldBe((false, 1, 0), "a removal that waits costs no full sweep");
            waiting.Pages.ShouldBeLessThanOrEqualTo(2);
        }

        ListingReading last = await archive.ReadAsync();
        (last.Verdict.IsFull, archive.Waiting.Count, archive.Decision.Removed.Count).ShouldBe((true, 0, 1));
        archive.Ids.ShouldNotContain(deleted);
        archive.Ids.Count.ShouldBe(1_999);
    }

    [Fact]
    public async Task Without_a_grace_two_runs_in_a_row_are_enough()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 80, TimeSpan.Zero);
        listing.Delete(listing.At(40).Id);

        ListingReading first = await archive.ReadAsync();
        (first.Pages, archive.Decision.Removed.Count).ShouldBe((1, 0), "79 messages, and this source has given 80 in one page");
        await archive.ReadAsync();
        archive.Decision.Removed.Count.ShouldBe(1);
        (await archive.ReadAsync()).Pages.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_seen_again_by_any_sweep_is_no_longer_pending()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 150);
        SandboxMessage message = listing.At(20);
        listing.Delete(message.Id);
        await archive.ReadAsync();
        archive.Waiting.Count.ShouldBe(1);
        listing.Insert(message);
        await archive.ReadAsync();
        archive.Waiting.ShouldBeEmpty();
        listing.Delete(message.Id);

        await archive.ReadAsync();
        await archive.ReadAsync();
        await archive.ReadAsync(full: true);

        (archive.Decision.Removed.Count, archive.Waiting.Count, archive.Ids.Count).ShouldBe((0, 1, 150), "the grace began again");
    }

    [Fact]
    public async Task A_returned_message_is_new_and_reading_ends_when_the_count_agrees()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 2_000, TimeSpan.Zero);
        SandboxMessage message = listing.At(700);
        listing.Delete(message.Id);
        await archive.ReadAsync();
        await archive.ReadAsync();
        archive.Ids.ShouldNotContain(message.Id);
        listing.Insert(message);

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull, reading.Sweeps).ShouldBe((true, false, 1));
        reading.Pages.ShouldBeLessThan(ListingReading.QuietPages(2_000));
        archive.Ids.ShouldContain(message.Id);
    }

    /// <summary>An empty listing for a moment once marked 430 of 450 messages as removed.</summary>
    [Fact]
    public async Task A_listing_that_is_empty_for_a_night_removes_nothing_and_is_reported()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 450, TimeSpan.Zero);
        for (int night = 0; night < 3; night++)
        {
            listing.Oddities = new SandboxOddities { IsEmpty = true };
            ListingReading empty = await archive.ReadAsync(full: night == 1);
            (empty.IsComplete, empty.Remark).ShouldBe((false, "the source lists nothing, and the archive has messages of it"));
            (archive.Decision.Removed.Count, archive.Waiting.Count).ShouldBe((0, 0));
        }

        listing.Oddities = SandboxOddities.None;
        ListingReading whole = await archive.ReadAsync();

        (whole.IsComplete, whole.Remark, archive.Ids.Count, archive.Decision.Removed.Count).ShouldBe((true, null, 450, 0));
    }

    /// <summary>A cap that began on the second night once marked 550 of 550 messages as removed.</summary>
    [Theory]
    [InlineData(SandboxOrder.NewestFirst)]
    [InlineData(SandboxOrder.OldestFirst)]
    public async Task A_cap_that_begins_on_the_second_night_removes_nothing(SandboxOrder order)
    {
        foreach ((int cap, bool echoes, SandboxMetaForm meta) in from cap in (int[])[20, 25, 50, 99] from echoes in (bool[])[true, false] from meta in Enum.GetValues<SandboxMetaForm>() select (cap, echoes, meta))
        {
            (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(order, 550, TimeSpan.Zero);
            for (int night = 0; night < 3; night++)
            {
                listing.Oddities = new SandboxOddities { MaxPerPage = cap, EchoesPerPage = echoes, Meta = meta };
                ListingReading reading = await archive.ReadAsync(full: true, shape: new SourceShape());

                (reading.IsComplete, archive.Decision.Removed.Count, archive.Waiting.Count).ShouldBe((true, 0, 0), $"cap {cap}, {meta}: {reading.Remark}");
            }
        }
    }

    [Fact]
    public async Task More_than_a_fifth_of_a_conversation_is_removed_only_with_confirmation()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 450, TimeSpan.Zero);
        for (int i = 0; i < 100; i++)
            listing.Delete(listing.At(50).Id);

        for (int night = 0; night < 2; night++)
        {
            (await archive.ReadAsync(full: true)).Verdict.IsWitness.ShouldBeTrue();
            archive.Decision.Removed.ShouldBeEmpty();
            archive.Decision.Objection.ShouldNotBeNull().ShouldStartWith("100 of 450 archived messages are no longer listed");
        }

        await archive.ReadAsync(full: true, accepts: true);
        (archive.Decision.Removed.Count, archive.Decision.Objection, archive.Ids.Count).ShouldBe((100, null, 350));
    }

    [Fact]
    public async Task Confirmation_alone_removes_nothing_missing_from_only_one_sweep()
    {
        (MovingListing listing, ArchiveOfOne archive) = await KnownAsync(SandboxOrder.NewestFirst, 450, TimeSpan.Zero);
        for (int i = 0; i < 100; i++)
            listing.Delete(listing.At(50).Id);

        await archive.ReadAsync(full: true, accepts: true);

        (archive.Decision.Removed.Count, archive.Waiting.Count).ShouldBe((0, 100));
        archive.Decision.Remark.ShouldNotBeNull().ShouldContain("the next run");
    }

    private static async Task<(MovingListing Listing, ArchiveOfOne Archive)> KnownAsync(SandboxOrder order, int count, TimeSpan? grace = null)
    {
        MovingListing listing = HeadSweepTests.Year(order, count);
        var archive = new ArchiveOfOne(listing, Lookback, grace ?? Grace);
        (await archive.ReadAsync()).IsComplete.ShouldBeTrue();
        return (listing, archive);
    }
}
