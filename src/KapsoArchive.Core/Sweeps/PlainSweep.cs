using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Core.Sweeps;

/// <summary>One reading of a listing whose source chooses the page size. Its pages cannot overlap, so there are no seams: only another
/// sweep with the same result, together with the source's count, can confirm it. A second look at the last page shows the end: it must
/// still end with the same record.</summary>
internal sealed class PlainSweep(SweepSetting setting, int perPage, Func<IReadOnlyList<ListingItem>, CancellationToken, ValueTask> emit)
{
    /// <summary>Consecutive pages that may contain nothing new.</summary>
    private const int MaxBarren = 2;

    private bool _wasEverBarren;
    private bool _isAtEnd;
    private string? _problem;

    public Coverage Coverage { get; } = new(new OrderDetector());

    public int Pages { get; private set; }

    /// <summary>The source's count on the last page read; null if it gave none.</summary>
    public long? Total { get; private set; }

    public async Task<SweepResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadToEndAsync(cancellationToken);
        }
        catch (UnreadablePageException e)
        {
            _problem = $"a page of the source's own size fails, and cannot be split: {e.Message.TrimEnd('.')}";
        }

        return new SweepResult
        {
            Count = Coverage.Count,
            Digest = Coverage.Digest,
            Boundaries = 0,
            Total = Total,
            Order = Coverage.Order,
            IsOnePage = false,
            IsEndProven = _isAtEnd,
            IsSteady = false,
            LooseSeams = 0,
            IsSound = !_wasEverBarren,
            IsPlain = true,
            IgnoresPageSize = true,
            Problem = _problem,
        };
    }

    private async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        int barren = 0;
        int largest = 0; // Only of this listing: all that is known of its source is that it chooses the page size.
        UInt128? last = null;
        for (int number = 1; ; number++)
        {
            ListingPage page = await GetAsync(number, cancellationToken);
            ListingItem[] items = page.Items;
            await emit(items, cancellationToken);
            page.LetGo();
            int added = Coverage.Join(page, position: 0, covered: 0);
            bool isSameAgain = number > 1 && added == 0 && items.Length > 0 && items[^1].Id == last;
            if (items.Length == 0 || isSameAgain)
            {
                _isAtEnd = await StillEndsWithAsync(Math.Max(1, number - 1), last, cancellationToken);
                return;
            }

            last = items[^1].Id;
            largest = Math.Max(largest, items.Length);
            if (EndRule.IsLast(PagePlan.MaxPerPage, items.Length, largest))
            {
                _isAtEnd = await StillEndsWithAsync(number, last, cancellationToken);
                return;
            }

            _wasEverBarren |= added == 0;
            barren = added == 0 ? barren + 1 : 0;
            _problem = barren > MaxBarren ? $"the source gives the same records again and again (page {number})"
                : EndRule.IsEndless(Coverage.Count, Total, setting.Goal.MaxRecords);
            if (_problem is not null)
                return;
        }
    }

    /// <summary>Whether the last page, read again, ends with the same record; for an empty listing, whether it is still empty.</summary>
    private async Task<bool> StillEndsWithAsync(int number, UInt128? last, CancellationToken cancellationToken)
    {
        ListingItem[] items = (await GetAsync(number, cancellationToken)).Items;
        if (last is not null)
            return items.Length > 0 && items[^1].Id == last && Coverage.Ids.Contains(items[0].Id);
        if (items.Length == 0 && setting.Goal.Known.Count > 0)
            _problem = IncompleteReason.NothingListed;
        return items.Length == 0;
    }

    /// <summary>A page; empty if the source refuses it, as some sources do for pages past the end.</summary>
    private async Task<ListingPage> GetAsync(int number, CancellationToken cancellationToken)
    {
        Pages++;
        try
        {
            ListingPage page = await setting.Source(new PagePlan(number, perPage), null, cancellationToken);
            Total = page.Meta.TotalCount;
            setting.Shape.Answered(page.Items.Length);
            return page;
        }
        catch (PageRefusedException)
        {
            return new ListingPage([], default);
        }
    }
}
