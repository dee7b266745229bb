using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Tests.Sweeps;

public sealed class PagePlanTests
{
    public static TheoryData<int> Totals => [1, 99, 100, 101, 150, 197, 198, 199, 200, 294, 295, 1000, 5000, 99_999];

    [Fact]
    public void Seams_cost_little_for_a_thousand_lengths()
    {
        var random = new Random(3);
        IEnumerable<int> lengths = Enumerable.Range(0, 400).Concat(Enumerable.Range(0, 600).Select(_ => random.Next(400, 200_000))).Append(1_000_000);
        foreach (int count in lengths)
        {
            int plain = Math.Max(1, (count + 99) / 100);
            int pages = ListingReading.QuietPages(count);
            pages.ShouldBeLessThanOrEqualTo(count == 0 || count == 100 ? 2 : count <= 197 ? plain : 1 + (((8 * plain) + 6) / 7), $"{count} messages");
        }

        ListingReading.QuietPages(1_000_000).ShouldBeLessThanOrEqualTo(11_430);
    }

    [Theory]
    [MemberData(nameof(Totals))]
    public void Each_page_overlaps_what_is_covered_and_goes_beyond_it(int total)
    {
        foreach (int overlap in (int[])[1, 10])
        {
            for (long covered = 100; covered < total;)
            {
                PagePlan plan = PagePlan.Next(covered, total, overlap)!.Value;
                plan.PerPage.ShouldBeInRange(1, 100);
                plan.Start.ShouldBeLessThanOrEqualTo(covered - overlap);
                plan.End.ShouldBeGreaterThan(covered);
                covered = plan.End;
            }
        }
    }

    [Fact]
    public void The_last_page_leaves_room_on_both_sides()
    {
        PagePlan plan = PagePlan.Next(100, 150, 1)!.Value;

        (100 - plan.Start).ShouldBeGreaterThanOrEqualTo(10);
        (plan.End - 150).ShouldBeGreaterThanOrEqualTo(10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(197)]
    [InlineData(12_345)]
    public void A_second_look_has_the_position_well_inside(long position)
    {
        PagePlan plan = PagePlan.Around(position);

        (plan.End - position).ShouldBeGreaterThanOrEqualTo(25);
        if (plan.Start > 0)
            (position - plan.Start).ShouldBeGreaterThanOrEqualTo(25);
    }
}
