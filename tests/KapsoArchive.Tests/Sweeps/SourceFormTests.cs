using System.Globalization;
using CsCheck;
using KapsoArchive.Core.Sweeps;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>
/// Sources page in many ways: they cap <c>per_page</c> and do not say so, count wrong or not at all, answer pages past the end with an
/// error. Whatever the form, a listing is never called complete
/// while a listed message is missing, and one that stands still is complete at a known cost.
/// </summary>
public sealed class SourceFormTests
{
    private static readonly Gen<Form> GenForm = Gen.Select(
        Pick<int?>(null, 10, 20, 25, 50, 99),
        Gen.Bool,
        Gen.Bool,
        Pick(Enum.GetValues<SandboxMetaForm>()),
        Pick(0, 0, 1, -1),
        Pick(Enum.GetValues<SandboxPastEnd>()),
        (cap, byRequested, echoes, meta, countOff, pastEnd) => new Form(cap, byRequested, echoes, meta, countOff, pastEnd));

    private static readonly Gen<int> GenCount = Gen.OneOf(Gen.Int[0, 120], Gen.Int[90, 700], Gen.Int[500, 2_500]);

    private static readonly Gen<Listing> GenStill = Gen.Select(
        GenForm, Pick(Enum.GetValues<SandboxOrder>()), GenCount, Gen.Int[1, 3], (form, order, count, ties) => new Listing(form, order, count, ties, []));

    private static readonly Gen<Listing> GenMoving = Gen.Select(
        GenForm, Pick(SandboxOrder.NewestFirst, SandboxOrder.OldestFirst), GenCount, Gen.Int[1, 3], Step.Within(40).Array[1, 60],
        (form, order, count, ties, steps) => new Listing(form, order, count, ties, steps));

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Each of these ended as complete with 50 of 80, the first page of 450, or 100 of 230 messages.</summary>
    [Theory]
    [InlineData(80, 50, SandboxMetaForm.Complete)]
    [InlineData(80, 50, SandboxMetaForm.Missing)]
    [InlineData(80, 50, SandboxMetaForm.Null)]
    [InlineData(450, 20, SandboxMetaForm.Text)]
    [InlineData(450, 25, SandboxMetaForm.Text)]
    [InlineData(230, 100, SandboxMetaForm.Zero)]
    [InlineData(450, 10, SandboxMetaForm.Zero)]
    [InlineData(450, 10, SandboxMetaForm.OfPage)]
    [InlineData(450, 50, SandboxMetaForm.CamelCase)]
    public async Task A_cap_that_meta_does_not_show_hides_nothing(int count, int cap, SandboxMetaForm meta)
    {
        foreach ((SandboxOrder order, bool byRequested) in from order in Enum.GetValues<SandboxOrder>() from byRequested in (bool[])[true, false] select (order, byRequested))
            await ReadStillAsync(new Listing(new Form(cap, byRequested, Echoes: true, meta, 0, SandboxPastEnd.Empty), order, count, 1, []));
    }

    /// <summary>49 of 99 records behind a cap of 50, less the overlap, equal a count that is one too low.</summary>
    [Fact]
    public Task A_count_that_agrees_by_chance_does_not_end_a_full_sweep() =>
        ReadStillAsync(new Listing(new Form(50, ByRequested: true, Echoes: true, SandboxMetaForm.Complete, -1, SandboxPastEnd.Empty), SandboxOrder.NewestFirst, 99, 1, []));

    /// <summary>300 records, 198 covered, then 150 of the covered ones deleted: the page at 197 is empty, and 102 records are
    /// unread.</summary>
    [Fact]
    public async Task An_empty_page_in_a_shrunken_listing_is_not_the_end()
    {
        foreach (SandboxMetaForm meta in Enum.GetValues<SandboxMetaForm>())
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 300);
            listing.Oddities = new SandboxOddities { Meta = meta };
            listing.After(2, moving =>
            {
                for (int i = 0; i < 150; i++)
                    moving.Delete(moving.At(20).Id);
            });

            ListingReading reading = await new ListingReading(listing).ReadAsync();

            (reading.Fault(), reading.IsComplete, reading.Ids.Count).ShouldBe((null, true, 300), $"{meta}: {reading.Remark}");
        }
    }

    [Theory]
    [InlineData(SandboxPastEnd.BadRequest)]
    [InlineData(SandboxPastEnd.NotFound)]
    [InlineData(SandboxPastEnd.Unprocessable)]
    [InlineData(SandboxPastEnd.LastPage)]
    public async Task A_refusal_past_the_end_concerns_only_that_page(SandboxPastEnd pastEnd)
    {
        foreach ((int count, int countOff) in from count in (int[])[0, 1, 99, 100, 198, 450] from countOff in (int[])[0, 1, 300] select (count, countOff))
            await ReadStillAsync(new Listing(new Form(null, false, false, SandboxMetaForm.Complete, countOff, pastEnd), SandboxOrder.NewestFirst, count, 1, []));
    }

    /// <summary>A server that filters after it has paged gives pages with holes, and its count knows nothing of it. What it shows is read
    /// all the same.</summary>
    [Fact]
    public async Task Pages_with_gaps_are_read_to_the_last()
    {
        foreach ((int count, int every) in from count in (int[])[150, 300, 1_000] from every in (int[])[7, 50] select (count, every))
        {
            MovingListing listing = MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, count);
            listing.Oddities = new SandboxOddities { HiddenEvery = every };

            foreach (int largest in (int[])[0, 100])
            {
                var shape = new SourceShape();
                shape.Answered(largest);
                ListingReading reading = await new ListingReading(listing, shape: shape).ReadAsync();

                reading.Ids.Count.ShouldBe(count - (count / every), $"{count}, every {every}: {reading.Remark}");
                reading.Remark.ShouldNotBeNull().ShouldContain($"{count}");
            }
        }
    }

    [Fact]
    public async Task A_page_costs_one_request_once_the_source_has_shown_a_larger_one()
    {
        var shape = new SourceShape();
        await new ListingReading(MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, 100), shape: shape).ReadAsync();
        foreach (int count in (int[])[1, 9, 10, 50, 99])
        {
            ListingReading reading = await new ListingReading(MovingListing.OfSmallMessages(SandboxOrder.NewestFirst, count), shape: shape).ReadAsync();
            (reading.IsComplete, reading.Pages, reading.Ids.Count).ShouldBe((true, 1, count));
        }
    }

    [Fact]
    public async Task An_unchanging_listing_is_complete_for_every_form_of_source()
    {
        int more = 0;
        await Schedules.CheckAsync(GenStill, async listing => more = Math.Max(more, await ReadStillAsync(listing)));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Schedules.Count} still listings; at most {more} sweeps"));
    }

    [Fact]
    public async Task A_moving_listing_is_never_complete_and_wrong_for_any_form_of_source()
    {
        int read = 0, complete = 0;
        await Schedules.CheckAsync(GenMoving, async schedule =>
        {
            ListingReading reading = await new ListingReading(schedule.Make()).ReadAsync();
            if (reading.Fault() is { } fault)
                throw new ShouldAssertException(fault);
            read++;
            complete += reading.IsComplete ? 1 : 0;
        });
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{read} moving listings: {complete} complete ({100.0 * complete / read:F2} %)"));
        (complete / (double)read).ShouldBeGreaterThan(0.9);
    }

    /// <returns>How many sweeps it took.</returns>
    private static async Task<int> ReadStillAsync(Listing listing)
    {
        ListingReading reading = await new ListingReading(listing.Make()).ReadAsync();
        if (reading.Fault() is { } fault)
            throw new ShouldAssertException(fault);
        if (!reading.IsComplete)
            throw new ShouldAssertException($"{listing} stood still and is not complete: {reading.Remark}");
        int size = listing.Form.Cap ?? 100;
        double allowed = reading.Sweeps * (((size == 10 ? 2 : 1.5) * Math.Ceiling(listing.Count / (size - 1.0))) + 5);
        if (reading.Pages > allowed)
            throw new ShouldAssertException($"{listing}: {reading.Pages} requests in {reading.Sweeps} sweeps, at most {allowed} are allowed");
        return reading.Sweeps;
    }

    private sealed record Form(int? Cap, bool ByRequested, bool Echoes, SandboxMetaForm Meta, int CountOff, SandboxPastEnd PastEnd)
    {
        public SandboxOddities ToOddities() => new()
        {
            MaxPerPage = Cap,
            OffsetByRequested = ByRequested,
            EchoesPerPage = Echoes,
            Meta = Meta,
            TotalCountOffset = CountOff,
            PastEnd = PastEnd,
        };
    }

    private sealed record Listing(Form Form, SandboxOrder Order, int Count, int Ties, Step[] Steps)
    {
        public MovingListing Make()
        {
            MovingListing listing = MovingListing.OfSmallMessages(Order, Count, seed: 1, Ties);
            listing.Oddities = Form.ToOddities();
            foreach (Step step in Steps)
                listing.After(step.After, step.Apply);
            return listing;
        }

        public override string ToString() => $"{Order}, {Count} messages, ties of {Ties}, {Form}, {string.Join(" ", Steps.AsEnumerable())}";
    }
}
