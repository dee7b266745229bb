using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Runs.Sweeps;

/// <summary>
/// One reading of a listing whose source gives pages of its own size. Its pages cannot overlap, so there are no seams: only another sweep that finds the same can speak for it.
/// </summary>
internal sealed class PlainSweep(PageSource source, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit)
{
    private const int MaxPagesOfUncounted = 500_000;

    public Coverage Coverage { get; } = new(new OrderDetector());

    public int Pages { get; private set; }

    /// <summary>The source's count on the last page read; null where it gave none.</summary>
    public long? Total { get; private set; }

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        int brought = 0;
        int barren = 0;
        bool everBarren = false;
        string? problem = null;
        for (int number = 1; problem is null; number++)
        {
            ListingPage page = await source(number, PagePlan.MaxPerPage, cancellationToken);
            Pages++;
            PageMeta meta = page.Meta;
            Total = meta.TotalCount;
            brought = Math.Max(brought, page.Items.Count);
            await emit(page.Items, cancellationToken);
            int added = Coverage.Join(page, position: 0, covered: 0);
            everBarren |= added == 0 && page.Items.Count > 0;
            if (page.Items.Count == 0 || number >= meta.TotalPages || (meta.TotalPages is null && page.Items.Count < brought))
                break;

            barren = added == 0 ? barren + 1 : 0;
            if (barren > 2)
                problem = $"the source gives the same records again and again (page {number})";
            else if (Pages >= (meta.TotalCount is { } total ? 50 + total : MaxPagesOfUncounted))
                problem = $"the listing does not come to an end: {Pages} pages were read";
        }

        return new SweepResult
        {
            Count = Coverage.Count,
            Digest = Coverage.Digest,
            Total = Total,
            Order = Coverage.Order,
            IsOnePage = Pages == 1 && problem is null,
            IsJoined = false,
            MayHaveMoved = true,
            LooseSeams = 0,
            IsSound = !everBarren,
            IgnoresPageSize = true,
            Problem = problem,
        };
    }
}
