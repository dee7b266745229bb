using System.Text;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>What a night costs where what is known proves the rest, and where it does not. A year of messages, of which the last week is
/// always read again.</summary>
public sealed class HeadSweepTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Lookback = TimeSpan.FromDays(7);

    public static TheoryData<SandboxOrder> Orders => new(Enum.GetValues<SandboxOrder>());

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_quiet_conversation_of_one_page_costs_one_request(SandboxOrder order)
    {
        foreach (int count in (int[])[0, 1, 9, 10, 60, 99, 100])
        {
            ListingReading reading = await SecondNightAsync(Year(order, count));

            (reading.IsComplete, reading.Pages).ShouldBe((true, 1), $"{count} messages");
            reading.Verdict.IsWitness.ShouldBe(count is > 0 and < 10, "the count proves nothing about what is not listed");
        }
    }

    [Theory]
    [InlineData(101)]
    [InlineData(250)]
    [InlineData(5_000)]
    public async Task A_quiet_conversation_whose_first_page_passes_the_lookback_costs_one_request(int count)
    {
        MovingListing listing = Year(SandboxOrder.NewestFirst, count);
        ListingReading reading = await SecondNightAsync(listing, window: 8);

        (reading.IsComplete, reading.Verdict.IsFull, reading.Pages, reading.Remark).ShouldBe((true, false, 1, null));
        (listing.RequestsMade - reading.From + 1).ShouldBe(1, "none was fetched ahead for nothing");
    }

    [Theory]
    [InlineData(150, 2)]
    [InlineData(250, 2)]
    [InlineData(1_000, 2)]
    [InlineData(5_000, 3)]
    [InlineData(50_000, 14)] // A week has a thousand messages.
    public async Task A_quiet_conversation_listed_oldest_first_costs_its_first_and_last_pages(int count, int requests)
    {
        ListingReading reading = await SecondNightAsync(Year(SandboxOrder.OldestFirst, count));

        (reading.IsComplete, reading.Pages).ShouldBe((true, requests));
    }

    [Fact]
    public async Task Messages_that_are_all_within_the_lookback_are_read_to_the_end()
    {
        ListingReading reading = await SecondNightAsync(MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 250));

        (reading.IsComplete, reading.Verdict.IsFull, reading.Pages, reading.Ids.Count).ShouldBe((true, true, 3, 250));
    }

    [Theory]
    [InlineData(SandboxOrder.NewestFirst, 1)]
    [InlineData(SandboxOrder.OldestFirst, 2)]
    public async Task New_messages_are_found_without_a_full_sweep(SandboxOrder order, int requests)
    {
        MovingListing listing = Year(order, 2_000);
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();
        for (int i = 0; i < 30; i++)
            listing.InsertNewest();

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull, reading.Pages).ShouldBe((true, false, requests));
        archive.Ids.Count.ShouldBe(2_030);
    }

    /// <summary>The test's archive checks that changes within the lookback are noticed.</summary>
    [Theory]
    [InlineData(SandboxOrder.NewestFirst, 2)]
    [InlineData(SandboxOrder.OldestFirst, 6)] // The jump goes back twice as far until it begins where nothing changed.
    public async Task A_change_within_the_lookback_is_read_to_the_first_unchanged_page(SandboxOrder order, int requests)
    {
        MovingListing listing = Year(order, 2_000);
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();
        listing.Update(listing.At(order == SandboxOrder.NewestFirst ? 10 : 1_989).Id, "read");

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull).ShouldBe((true, false));
        reading.Pages.ShouldBe(requests);
    }

    [Fact]
    public async Task A_change_before_the_lookback_waits_for_the_next_full_sweep()
    {
        MovingListing listing = Year(SandboxOrder.NewestFirst, 2_000);
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();
        listing.Update(listing.At(1_500).Id, "read");

        (await archive.ReadAsync()).Pages.ShouldBe(1);
        (await archive.ReadAsync(full: true)).Verdict.IsFull.ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_arriving_during_a_head_sweep_is_read_and_proves_the_rest()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 3_000);
        var archive = new ArchiveOfOne(listing, TimeSpan.FromMinutes(250));
        await archive.ReadAsync();
        listing.After(listing.RequestsMade + 2, moving => moving.InsertNewest());

        ListingReading reading = await archive.ReadAsync();

        (reading.IsComplete, reading.Verdict.IsFull, reading.Pages).ShouldBe((true, false, 4));
        archive.Ids.Count.ShouldBe(3_001);
    }

    [Theory]
    [InlineData(SandboxMetaForm.Missing, SandboxOrder.NewestFirst)]
    [InlineData(SandboxMetaForm.Missing, SandboxOrder.OldestFirst)]
    [InlineData(SandboxMetaForm.Complete, SandboxOrder.Unordered)]
    public async Task A_listing_without_a_count_or_an_order_is_read_to_the_end(SandboxMetaForm meta, SandboxOrder order)
    {
        MovingListing listing = Year(order, 400);
        listing.Oddities = new SandboxOddities { Meta = meta };

        ListingReading reading = await SecondNightAsync(listing);

        (reading.IsComplete, reading.Ids.Count).ShouldBe((true, 400));
    }

    [Fact]
    public async Task A_source_that_ignores_per_page_gets_a_head_or_full_sweep()
    {
        MovingListing listing = Year(SandboxOrder.NewestFirst, 400);
        listing.Oddities = new SandboxOddities { FixedPerPage = 50 };
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();

        ListingReading head = await archive.ReadAsync();
        (head.IsComplete, head.Verdict.IsFull, head.Pages).ShouldBe((true, false, 1), "the count agreed, and the first page reaches past the lookback");
        ListingReading full = await archive.ReadAsync(full: true);
        (full.IsComplete, full.Verdict.IsFull, full.Ids.Count).ShouldBe((true, true, 400));
    }

    [Theory]
    [InlineData(5, true)] // Read again: nothing tells whether it is the one that is known.
    [InlineData(300, false)]
    public async Task A_rejected_record_weakens_the_count_only_if_it_is_read_again(int daysAgo, bool isFull)
    {
        MovingListing listing = Year(SandboxOrder.NewestFirst, 400);
        listing.Insert(new SandboxMessage("broken", Now.AddDays(-daysAgo), Encoding.UTF8.GetBytes("{}")) { IsMalformed = true });

        ListingReading reading = await SecondNightAsync(listing);

        (reading.IsComplete, reading.Verdict.IsFull).ShouldBe((true, isFull));
    }

    /// <summary>The hole that the count leaves, and what heals it.</summary>
    [Fact]
    public async Task A_deletion_and_an_old_import_cancel_out_until_the_next_full_sweep()
    {
        MovingListing listing = Year(SandboxOrder.NewestFirst, 2_000);
        var archive = new ArchiveOfOne(listing, Lookback);
        await archive.ReadAsync();
        string deleted = listing.At(1_200).Id;
        listing.Delete(deleted);
        string imported = listing.InsertAt(1_600).Id;

        (await archive.ReadAsync()).Pages.ShouldBe(1);
        archive.Ids.ShouldNotContain(imported);

        await archive.ReadAsync(full: true);
        archive.Ids.ShouldContain(imported);
        await archive.ReadAsync(full: true);
        archive.Ids.ShouldNotContain(deleted);
    }

    /// <summary>So many messages, spread evenly over the year before now.</summary>
    internal static MovingListing Year(SandboxOrder order, int count) =>
        new(order, [.. Enumerable.Range(0, count).Select(i => SandboxMessage.Make(new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(), i, Now.AddMinutes(-525_600.0 * i / count)))], now: Now);

    private static async Task<ListingReading> SecondNightAsync(MovingListing listing, int window = 1)
    {
        var archive = new ArchiveOfOne(listing, Lookback);
        (await archive.ReadAsync()).IsComplete.ShouldBeTrue();
        return await archive.ReadAsync(window: window);
    }
}
