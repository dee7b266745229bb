using System.Globalization;
using CsCheck;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Runs.Sweeps;

/// <summary>
/// The promise of the sweep, over generated schedules of what happens between any two requests: never complete and wrong, nearly always complete, and cheap.
/// <c>KAPSO_ARCHIVE_SCHEDULES</c> sets how many schedules (500), <c>KAPSO_ARCHIVE_SEED</c> which (1). The same seed makes the same schedules; it is printed, and so is that of a schedule that
/// fails.
/// </summary>
public sealed class MovingListingTests
{
    private static readonly long Schedules = long.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_SCHEDULES") ?? "500", CultureInfo.InvariantCulture);

    private static readonly ulong Seed = ulong.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_SEED") ?? "1", CultureInfo.InvariantCulture);

    private static readonly Gen<Step> GenStep = Gen.Select(
        Gen.Int[0, 40], Gen.Frequency((4, Gen.Const(Kind.Head)), (2, Gen.Const(Kind.Middle)), (4, Gen.Const(Kind.Delete)), (1, Gen.Const(Kind.Status))), Gen.Double.Unit, Gen.Int[1, 3],
        (after, kind, where, times) => new Step(after, kind, where, times));

    private static readonly Gen<Schedule> GenSchedule = Gen.Select(
        Gen.Bool, Gen.OneOf(Gen.Int[0, 120], Gen.Int[90, 700], Gen.Int[500, 3000]), Gen.Int[1, 3], GenStep.Array[0, 60],
        (newestFirst, count, ties, steps) => new Schedule(newestFirst ? SandboxOrder.NewestFirst : SandboxOrder.OldestFirst, count, ties, steps));

    private enum Kind
    {
        Head,
        Middle,
        Delete,
        Status,
    }

    [Theory]
    [InlineData(false, 0.99)]
    [InlineData(true, 0.9)]
    public async Task A_listing_that_moves_between_any_two_requests_is_never_complete_and_wrong(bool shuffleTies, double leastComplete)
    {
        int read = 0;
        int complete = 0;
        var more = new List<int>();
        var reasons = new List<string>();
        for (uint i = 0; i < Schedules; i++)
        {
            string seed = new PCG(i, Seed).ToString();
            try
            {
                await CheckAsync(seed, iterations: 1);
            }
            catch (CsCheckException)
            {
                await CheckAsync(seed, iterations: 2_000); // Looks for a smaller schedule that fails too.
                throw;
            }
        }

        // A given seed decides the first schedule only, so each schedule is given its own.
        Task CheckAsync(string seed, long iterations) => GenSchedule.SampleAsync(
            async schedule =>
            {
                ListingReading reading = await new ListingReading(schedule.Listing(shuffleTies)).ReadAsync();
                if (reading.Fault() is { } fault)
                    throw new ShouldAssertException(fault);
                read++;
                complete += reading.IsComplete ? 1 : 0;
                more.Add(reading.Pages - ListingReading.QuietPages(schedule.Count));
                if (!reading.IsComplete)
                    reasons.Add($"{schedule}: {reading.Remark}");
            },
            seed: seed,
            iter: iterations,
            threads: 1,
            print: s => s.ToString());

        more.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{read} schedules of seed {Seed}{(shuffleTies ? " with equal times shuffled" : "")}: {complete} complete ({100.0 * complete / read:F2} %), requests more than a quiet reading: median {more[read / 2]}, mean {more.Average():F3}, 95 % {more[read * 95 / 100]}, most {more[^1]}"));
        reasons.ForEach(TestContext.Current.TestOutputHelper.WriteLine);
        (complete / (double)read).ShouldBeGreaterThanOrEqualTo(leastComplete);
        more[read / 2].ShouldBeLessThanOrEqualTo(3);
    }

    private sealed record Step(int After, Kind Kind, double Where, int Times)
    {
        public void Apply(MovingListing listing)
        {
            for (int i = 0; i < Times; i++)
            {
                int count = listing.Count;
                int position = (int)(Where * count);
                if (Kind == Kind.Head)
                    listing.InsertNewest();
                else if (Kind == Kind.Middle)
                    listing.InsertAt(position);
                else if (count > 0 && Kind == Kind.Delete)
                    listing.Delete(listing.At(position).Id);
                else if (count > 0)
                    listing.Update(listing.At(position).Id, "read");
            }
        }
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

        public override string ToString() => $"{Order}, {Count} messages, ties of {Ties}, {string.Join(" ", Steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Times}×{s.Kind}@{s.After}/{s.Where:F3}")))}";
    }
}
