using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>A reading that is paused at a page goes on where it was, in a reader made from what was saved.</summary>
public sealed class PauseTests
{
    public static TheoryData<SandboxOrder, bool, int> Listings => new(
        from order in Enum.GetValues<SandboxOrder>() from full in (bool[])[true, false] from window in (int[])[1, 4] select (order, full, window));

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task A_pause_at_any_page_changes_nothing(SandboxOrder order, bool full, int window)
    {
        ListingReading whole = await SecondNightAsync(order, full, window, _ => false);
        for (int pause = 1; pause <= whole.Pages; pause++)
        {
            ListingReading paused = await SecondNightAsync(order, full, window, fetch => fetch == pause);

            paused.Pauses.ShouldBe(1);
            ShouldBeSame(paused, whole, $"paused at page {pause}");
        }

        ListingReading often = await SecondNightAsync(order, full, window, fetch => fetch % 2 == 1);
        often.Pauses.ShouldBeGreaterThanOrEqualTo(whole.Pages / 2);
        ShouldBeSame(often, whole, "paused at every page");
    }

    [Fact]
    public async Task No_joined_page_is_read_again()
    {
        ListingReading reading = await SecondNightAsync(SandboxOrder.NewestFirst, full: true, window: 1, fetch => fetch % 2 == 1);

        (reading.To - reading.From + 1).ShouldBe(reading.Pages);
        reading.Pauses.ShouldBe(reading.Pages);
    }

    [Fact]
    public async Task A_source_of_fixed_pages_is_read_without_loss_through_any_pause()
    {
        for (int pause = 1; pause <= 11; pause++)
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 300);
            listing.Oddities = new SandboxOddities { FixedPerPage = 60 };
            int at = pause;
            ListingReading reading = await new ListingReading(listing) { PausesAt = fetch => fetch == at }.ReadAsync();

            reading.Fault().ShouldBeNull();
            (reading.IsComplete, reading.Ids.Count, reading.Sweeps, reading.Pauses).ShouldBe((true, 300, 2, 1), $"paused at page {pause}");
        }
    }

    /// <summary>The pauses come to an end: what begins again with each, as the plain sweep does, would otherwise never be
    /// through.</summary>
    [Fact]
    public async Task Odd_listings_that_move_and_are_paused_are_never_complete_and_wrong()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            MovingListing listing = MovingListing.OfSmallMessages((SandboxOrder)random.Next(3), random.Next(50, 900), seed, random.Next(1, 4));
            listing.Oddities = (seed % 5) switch
            {
                0 => new SandboxOddities { ShuffleTies = true },
                1 => new SandboxOddities { Meta = SandboxMetaForm.Missing },
                2 => new SandboxOddities { DuplicateEvery = random.Next(3, 50) },
                3 => new SandboxOddities { ShortPages = 0.2 },
                _ => SandboxOddities.None,
            };
            listing.Movement = SandboxMovement.Mixed(random.NextDouble()) with { Seed = seed };
            int every = random.Next(2, 9);

            ListingReading reading = await new ListingReading(listing, window: random.Next(1, 5)) { PausesAt = fetch => fetch < 60 && fetch % every == 0 }.ReadAsync();

            reading.Fault().ShouldBeNull($"seed {seed}, {listing.Oddities}, paused at every {every}th fetch");
        }
    }

    [Fact]
    public async Task A_saved_state_takes_little_more_than_16_bytes_a_record()
    {
        byte[] state = await StateAsync();

        state.Length.ShouldBeInRange(16 * 900, (16 * 1_000) + 1_000);
    }

    [Fact]
    public async Task A_damaged_state_is_detected()
    {
        byte[] state = await StateAsync();
        for (int i = 0; i < state.Length; i += 97)
        {
            byte[] damaged = [.. state];
            damaged[i] ^= 4;
            Should.Throw<InvalidDataException>(() => Restore(damaged, ReadingGoal.Everything)).Message.ShouldContain("damaged");
        }

        foreach (int length in (int[])[0, 1, 8, 9, state.Length - 1])
            Should.Throw<InvalidDataException>(() => Restore(state[..length], ReadingGoal.Everything)).Message.ShouldContain("damaged");
        Restore(state, ReadingGoal.Everything).Pages.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_state_saved_for_another_goal_is_rejected()
    {
        byte[] state = await StateAsync();
        var goal = new ReadingGoal(Unsorted.Known([KeyValuePair.Create((UInt128)1, 2UL)], newestCreatedAt: 3), Full: false, TimeSpan.Zero);

        Should.Throw<InvalidDataException>(() => Restore(state, goal)).Message.ShouldContain("another goal");
    }

    [Fact]
    public void If_nothing_was_read_there_is_no_state_to_save() => Reader(ReadingGoal.Everything).Save().ShouldBeNull();

    [Fact]
    public async Task A_page_whose_output_is_cancelled_is_read_and_emitted_again()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 450);
        for (int cancelled = 1; cancelled <= 5; cancelled++)
        {
            int emits = 0;
            int at = cancelled;
            ListingReading reading = await new ListingReading(listing) { CancelsEmit = () => ++emits == at }.ReadAsync();

            reading.Fault().ShouldBeNull();
            (reading.IsComplete, reading.Ids.Count, reading.Pauses).ShouldBe((true, 450, 1));
        }
    }

    /// <summary>30 new messages, a deletion (so that there is a second sweep) and a change: every part of a reading has its
    /// pages.</summary>
    private static async Task<ListingReading> SecondNightAsync(SandboxOrder order, bool full, int window, Func<int, bool> pausesAt)
    {
        MovingListing listing = HeadSweepTests.Year(order, 600);
        var archive = new ArchiveOfOne(listing, TimeSpan.FromDays(7));
        await archive.ReadAsync();
        for (int i = 0; i < 30; i++)
            listing.InsertNewest();
        if (full)
            listing.Delete(listing.At(300).Id);
        return await archive.ReadAsync(full, window, pausesAt: pausesAt);
    }

    private static void ShouldBeSame(ListingReading reading, ListingReading other, string because)
    {
        (reading.Verdict.IsComplete, reading.Verdict.IsFull, reading.Verdict.Remark, reading.Sweeps, reading.Pages)
            .ShouldBe((other.Verdict.IsComplete, other.Verdict.IsFull, other.Verdict.Remark, other.Sweeps, other.Pages), because);
        reading.Ids.ShouldBe(other.Ids, because);
    }

    private static async Task<byte[]> StateAsync()
    {
        MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 1_000);
        int pages = ListingReading.QuietPages(1_000);
        ListingReading reading = await new ListingReading(listing) { PausesAt = fetch => fetch == pages }.ReadAsync();
        return reading.State.ShouldNotBeNull();
    }

    private static ListingReader Reader(ReadingGoal goal) => new(Setting(goal), (_, _) => default, 4);

    private static ListingReader Restore(byte[] state, ReadingGoal goal) =>
        ListingReader.Restore(state, Setting(goal), (_, _) => default, 4);

    private static SweepSetting Setting(ReadingGoal goal) => new((_, _, _) => throw new NotSupportedException(), () => 1, new SourceShape(), goal);
}
