using System.Globalization;
using CsCheck;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>The promise of an archive that reads a listing night after night, while it moves between the nights and during them, and is
/// paused at any page.</summary>
public sealed class NightsTests
{
    private static readonly Gen<Night> GenNight = Gen.Select(
        Gen.Frequency((1, Gen.Const(true)), (3, Gen.Const(false))),
        Gen.Int[1, 5],
        Gen.Int[0, 6],
        Gen.Frequency((1, Step.Within(0).Array[0, 12]), (3, Step.CalmWithin(0).Array[0, 4])),
        Gen.Frequency((1, Step.Within(15).Array[0, 20]), (3, Step.CalmWithin(15).Array[0, 4])),
        Gen.Int[0, 150],
        (full, window, pauses, between, during, arrivals) => new Night(full, window, pauses, between, during, Math.Max(0, arrivals - 75)));

    private static readonly Gen<Nights> GenNights = Gen.Select(
        Gen.Bool, Gen.OneOf(Gen.Int[0, 120], Gen.Int[90, 700], Gen.Int[500, 1500]), Gen.Int[1, 3], Gen.Int[0, 300], GenNight.Array[1, 5],
        (newestFirst, count, ties, lookback, nights) => new Nights(newestFirst ? SandboxOrder.NewestFirst : SandboxOrder.OldestFirst, count, ties, lookback, nights));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_kept_night_after_night_is_never_complete_and_wrong(bool shuffleTies)
    {
        int read = 0, complete = 0, heads = 0, removed = 0, pauses = 0, pages = 0, fullPages = 0;
        await Schedules.CheckAsync(GenNights, async schedule =>
        {
            MovingListing listing = MovingListing.OfSmallMessages(schedule.Order, schedule.Count, seed: 1, schedule.Ties);
            listing.Oddities = new SandboxOddities { ShuffleTies = shuffleTies };
            var archive = new ArchiveOfOne(listing, TimeSpan.FromMinutes(schedule.Lookback));
            foreach (Night night in schedule.All)
            {
                ListingReading reading = await night.ReadAsync(listing, archive);
                read++;
                complete += reading.IsComplete ? 1 : 0;
                heads += reading.IsComplete && !reading.Verdict.IsFull ? 1 : 0;
                removed += archive.Decision.Removed.Count;
                pauses += reading.Pauses;
                pages += reading.Pages;
                fullPages += ListingReading.QuietPages(listing.Count);
            }
        });

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{read} nights of seed {Schedules.Seed}: {complete} complete ({100.0 * complete / read:F2} %), {heads} of them by their head or tail, {removed} removed, {pauses} pauses, {pages} pages where quiet full readings take {fullPages}"));
        (complete / (double)read).ShouldBeGreaterThanOrEqualTo(0.97);
        heads.ShouldBeGreaterThan(read / 20);
        removed.ShouldBeGreaterThan(0);
    }

    private sealed record Night(bool Full, int Window, int PauseEvery, Step[] Between, Step[] During, int Arrivals)
    {
        public Task<ListingReading> ReadAsync(MovingListing listing, ArchiveOfOne archive)
        {
            for (int i = 0; i < Arrivals; i++)
                listing.InsertNewest();
            foreach (Step step in Between)
                step.Apply(listing);
            foreach (Step step in During)
                listing.After(listing.RequestsMade + step.After, step.Apply);
            return archive.ReadAsync(Full, Window, pausesAt: fetch => PauseEvery > 1 && fetch < 200 && fetch % PauseEvery == 0);
        }

        public override string ToString() => $"[{(Full ? "full" : "head")}, window {Window}, pause every {PauseEvery}, {Arrivals} new, between: {string.Join(" ", Between.AsEnumerable())}; during: {string.Join(" ", During.AsEnumerable())}]";
    }

    private sealed record Nights(SandboxOrder Order, int Count, int Ties, int Lookback, Night[] All)
    {
        public override string ToString() => $"{Order}, {Count} messages, ties of {Ties}, lookback {Lookback} minutes, {string.Join(" ", All.AsEnumerable())}";
    }
}
