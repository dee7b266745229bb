using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>Each way in which a listing may be odd has one defined end.</summary>
public sealed class OddListingTests
{
    public static TheoryData<SandboxOrder> Orders => new(Enum.GetValues<SandboxOrder>());

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task An_unchanging_listing_is_complete_in_any_order(SandboxOrder order)
    {
        foreach (int count in (int[])[0, 1, 99, 100, 101, 198, 199, 250, 1000])
        {
            MovingListing listing = MovingListing.OfSmallMessages(order, count);
            ListingReading reading = await ReadAsync(listing, count);

            reading.IsComplete.ShouldBeTrue($"{count} messages");
            reading.Remark.ShouldBeNull();
            bool twice = order == SandboxOrder.Unordered && count > 100;
            reading.Sweeps.ShouldBe(twice ? 2 : 1, $"{count} messages");
            reading.Pages.ShouldBeInRange(ListingReading.QuietPages(count), twice ? 2 * (ListingReading.QuietPages(count) + 1) : ListingReading.QuietPages(count), $"{count} messages");
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_missing_count_costs_a_little_more_and_changes_nothing(SandboxOrder order)
    {
        foreach (int count in (int[])[0, 1, 99, 100, 101, 198, 250, 1000])
        {
            MovingListing listing = MovingListing.OfSmallMessages(order, count);
            listing.Oddities = new SandboxOddities { Meta = SandboxMetaForm.Missing };

            ListingReading reading = await ReadAsync(listing, count);

            reading.IsComplete.ShouldBeTrue($"{count} messages");
        }
    }

    [Fact]
    public async Task A_count_without_pages_is_enough()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 250);
        listing.Oddities = new SandboxOddities { Meta = SandboxMetaForm.WithoutTotalPages };

        ListingReading reading = await ReadAsync(listing, 250);

        (reading.IsComplete, reading.Sweeps).ShouldBe((true, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(40)]
    [InlineData(-40)]
    [InlineData(2000)]
    public async Task A_wrong_count_is_reported_after_a_proven_end(int offset)
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 250);
        listing.Oddities = new SandboxOddities { TotalCountOffset = offset };

        ListingReading reading = await ReadAsync(listing, 250);

        reading.IsComplete.ShouldBeTrue();
        reading.Sweeps.ShouldBe(1);
        reading.Remark.ShouldBe($"the source counts {250 + offset} messages, and its listing, read to a proven end, has 250");
    }

    [Fact]
    public async Task A_wrong_count_never_misleads()
    {
        foreach ((int count, int offset) in (from count in (int[])[100, 101, 130, 198, 199, 250, 294, 333, 480] from offset in Enumerable.Range(-100, 201) select (count, offset)))
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, count);
            listing.Oddities = new SandboxOddities { TotalCountOffset = offset };

            ListingReading reading = await new ListingReading(listing).ReadAsync();

            (reading.IsComplete, reading.Ids.Count).ShouldBe((true, count), $"{count} messages, counted {count + offset}");
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_source_with_a_cap_below_ten_records_is_never_complete_and_wrong(bool echoes, bool offsetByRequested)
    {
        foreach ((int cap, int count) in from cap in Enumerable.Range(1, 9) from count in (int[])[0, 1, 2, 3, 5, 7, 9, 10, 12, 25, 60] select (cap, count))
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, count);
            listing.Oddities = new SandboxOddities { MaxPerPage = cap, EchoesPerPage = echoes, OffsetByRequested = offsetByRequested };

            ListingReading reading = await new ListingReading(listing).ReadAsync();

            if (reading.IsComplete)
                reading.Ids.Count.ShouldBe(count, $"{count} messages, at most {cap} in a page");
            else
                reading.Remark.ShouldNotBeNullOrEmpty($"{count} messages, at most {cap} in a page");
        }
    }

    [Fact]
    public async Task Odd_listings_that_move_are_never_complete_and_wrong()
    {
        for (int seed = 1; seed <= 700; seed++)
        {
            var random = new Random(seed);
            MovingListing listing = MovingListing.OfSmallMessages((SandboxOrder)random.Next(3), random.Next(50, 900), seed, random.Next(1, 4));
            listing.Oddities = (seed % 7) switch
            {
                0 => new SandboxOddities { ShuffleTies = true },
                1 => new SandboxOddities { Meta = SandboxMetaForm.Missing, ShuffleTies = true },
                2 => new SandboxOddities { Meta = SandboxMetaForm.WithoutTotalPages },
                3 => new SandboxOddities { DuplicateEvery = random.Next(3, 50) },
                4 => new SandboxOddities { DuplicateEvery = random.Next(20, 90), DuplicateDistance = 120 },
                5 => new SandboxOddities { ShortPages = 0.2 },
                _ => new SandboxOddities { FixedPerPage = random.Next(10, 100) },
            };
            listing.Movement = SandboxMovement.Mixed(random.NextDouble()) with { Seed = seed };

            ListingReading reading = await new ListingReading(listing, window: random.Next(1, 5)).ReadAsync();

            reading.Fault().ShouldBeNull($"seed {seed}, {listing.Oddities}");
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task A_source_that_ignores_per_page_is_read_twice(int size)
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 333);
        listing.Oddities = new SandboxOddities { FixedPerPage = size };

        ListingReading reading = await ReadAsync(listing, 333);

        reading.IsComplete.ShouldBeTrue();
    }

    /// <summary>Its pages cannot overlap and have one form only, so nothing vouches for what they show.</summary>
    [Fact]
    public async Task A_source_of_fixed_pages_without_a_count_is_read_but_incomplete()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 333);
        listing.Oddities = new SandboxOddities { FixedPerPage = 100, Meta = SandboxMetaForm.Missing };

        ListingReading reading = await ReadAsync(listing, 333);

        reading.IsComplete.ShouldBeFalse();
        reading.Remark.ShouldNotBeNull().ShouldStartWith("the source gives pages of its own size");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_page_that_repeats_forever_is_an_error_without_an_endless_loop(SandboxOrder order)
    {
        foreach ((int count, long from) in (from count in (int[])[201, 250, 990, 2_000] from stuck in Enumerable.Range(1, count / 100) select (count, (long)stuck)))
        {
            MovingListing listing = MovingListing.OfSmallMessages(order, count);
            listing.Oddities = new SandboxOddities { StuckFromPage = from };

            ListingReading reading = await new ListingReading(listing).ReadAsync();

            (reading.IsComplete && reading.Ids.Count < count).ShouldBeFalse($"{count} messages, stuck from page {from}, {reading.Pages} pages, {reading.Sweeps} sweeps, {reading.Ids.Count} read, {reading.Remark}");
            reading.Pages.ShouldBeLessThan(500);
        }
    }

    [Theory]
    [InlineData(SandboxEndless.NewRecords)]
    [InlineData(SandboxEndless.SameRecords)]
    public async Task An_endless_listing_is_an_error_without_an_endless_loop(SandboxEndless endless)
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 250);
        listing.Oddities = new SandboxOddities { Endless = endless };

        ListingReading reading = await new ListingReading(listing, goal: ReadingGoal.Everything with { MaxRecords = 20_000 }).ReadAsync();

        reading.IsComplete.ShouldBeFalse();
        reading.Remark.ShouldNotBeNull();
        reading.Pages.ShouldBeLessThan(2_000);
    }

    [Fact]
    public async Task Short_pages_before_more_are_never_complete_and_wrong()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 450, seed);
            listing.Oddities = new SandboxOddities { ShortPages = 0.3 };

            await ReadAsync(listing, null);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    public async Task Duplicates_in_the_listing_come_out_once(int distance)
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 400);
        listing.Oddities = new SandboxOddities { DuplicateEvery = 7, DuplicateDistance = distance };

        ListingReading reading = await ReadAsync(listing, 400);

        reading.IsComplete.ShouldBeTrue();
        reading.Remark.ShouldNotBeNull().ShouldContain("the source counts 457");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(150)]
    public async Task Equal_times_in_changing_order_lose_nothing(int ties)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.OldestFirst, 600, seed, ties);
            listing.Oddities = new SandboxOddities { ShuffleTies = true };

            ListingReading reading = await ReadAsync(listing, null);

            if (ties < 100)
                (reading.IsComplete, reading.Ids.Count).ShouldBe((true, 600));
        }
    }

    [Fact]
    public async Task An_unordered_listing_that_keeps_changing_is_incomplete_with_a_reason()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.Unordered, 400);
        listing.Movement = new SandboxMovement { HeadInsert = 0.5, Delete = 0.5 };

        ListingReading reading = await ReadAsync(listing, null);

        reading.IsComplete.ShouldBeFalse();
        reading.Remark.ShouldNotBeNull().ShouldStartWith("no order found and 4 sweeps disagreed: ");
    }

    [Fact]
    public async Task Pages_fetched_ahead_give_the_same_result()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 5_000);
        ListingReading reading = await new ListingReading(listing, window: 8).ReadAsync();

        reading.Fault().ShouldBeNull();
        (reading.IsComplete, reading.Ids.Count, reading.Pages).ShouldBe((true, 5_000, ListingReading.QuietPages(5_000)));
        listing.RequestsMade.ShouldBe(reading.Pages, "none was fetched for nothing");
    }

    [Fact]
    public async Task Pages_fetched_ahead_of_a_moving_listing_are_never_complete_and_wrong()
    {
        int complete = 0;
        for (int seed = 1; seed <= 100; seed++)
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 1_500, seed);
            listing.Movement = SandboxMovement.Mixed(0.5) with { Seed = seed };
            ListingReading reading = await new ListingReading(listing, window: 8).ReadAsync();

            reading.Fault().ShouldBeNull($"seed {seed}");
            complete += reading.IsComplete ? 1 : 0;
        }

        complete.ShouldBeGreaterThanOrEqualTo(99);
    }

    private static async Task<ListingReading> ReadAsync(MovingListing listing, int? expected)
    {
        var shape = new SourceShape();
        shape.Answered(PagePlan.MaxPerPage); // Another conversation came in full pages.
        ListingReading reading = await new ListingReading(listing, shape: shape).ReadAsync();
        reading.Fault().ShouldBeNull();
        if (expected is not null)
            reading.Ids.Count.ShouldBe(expected.Value);
        return reading;
    }
}
