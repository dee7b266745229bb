using System.Globalization;
using CsCheck;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>
/// The promise of the sweep, over generated schedules of what happens between any two requests: never complete and wrong, nearly always
/// complete, and cheap.
/// See <see cref="Schedules"/> for how many they are, and which.
/// </summary>
public sealed class MovingListingTests
{
    private static readonly Gen<Schedule> GenSchedule = Gen.Select(
        Gen.Bool, Gen.OneOf(Gen.Int[0, 120], Gen.Int[90, 700], Gen.Int[500, 3000]), Gen.Int[1, 3], Step.Within(40).Array[0, 60],
        (newestFirst, count, ties, steps) => new Schedule(newestFirst ? SandboxOrder.NewestFirst : SandboxOrder.OldestFirst, count, ties, steps));

    [Theory]
    [InlineData(false, 0.99)]
    [InlineData(true, 0.9)]
    public async Task A_listing_that_moves_between_any_two_requests_is_never_complete_and_wrong(bool shuffleTies, double leastComplete)
    {
        int read = 0;
        int complete = 0;
        var more = new List<int>();
        var reasons = new List<string>();
        await Schedules.CheckAsync(GenSchedule, async schedule =>
        {
            ListingReading reading = await new ListingReading(schedule.Listing(shuffleTies)).ReadAsync();
            if (reading.Fault() is { } fault)
                throw new ShouldAssertException(fault);
            read++;
            complete += reading.IsComplete ? 1 : 0;
            more.Add(reading.Pages - ListingReading.QuietPages(schedule.Count));
            if (!reading.IsComplete)
                reasons.Add($"{schedule}: {reading.Remark}");
        });

        more.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{read} schedules of seed {Schedules.Seed}{(shuffleTies ? " with equal times shuffled" : "")}: {complete} complete ({100.0 * complete / read:F2} %), requests more than a quiet reading: median {more[read / 2]}, mean {more.Average():F3}, 95 % {more[read * 95 / 100]}, most {more[^1]}"));
        reasons.ForEach(TestContext.Current.TestOutputHelper.WriteLine);
        (complete / (double)read).ShouldBeGreaterThanOrEqualTo(leastComplete);
        more[read / 2].ShouldBeLessThanOrEqualTo(3);
    }

    private sealed record Schedule(SandboxOrder Order, int Count, int Ties, Step[] Steps)
    {
        public MovingListing Listing(bool shuffleTies)
        {
            MovingListing listing = MovingListing.OfSmallMessages(Order, Count, seed: 1, Ties);
            listing.Oddities = new SandboxOddities { ShuffleTies = shuffleTies };
            foreach (Step step in Steps)
                listing.After(step.After, step.Apply);
            return listing;
        }

        public override string ToString() => $"{Order}, {Count} messages, ties of {Ties}, {string.Join(" ", Steps.AsEnumerable())}";
    }
}
