namespace KapsoArchive.Core.Sweeps;

/// <summary>Fetches the pages that a sweep will probably request next while it still processes the current one. One large conversation is
/// then read as fast as many small ones.</summary>
/// <param name="window">Number of requests that may be in flight at the moment, including the requested page; at least 1.</param>
/// <param name="retries">Number of retries for a page; null for the default.</param>
internal sealed class PageAhead(PageSource source, Func<int> window, Func<PagePlan, int?> retries) : IAsyncDisposable
{
    private readonly CancellationTokenSource _discarded = new();
    private readonly Queue<(PagePlan Plan, Task<ListingPage> Page)> _underWay = new();
    private volatile bool _isCancelled;

    /// <param name="plan">The page to return.</param>
    /// <param name="guess">The page that would follow a given one; null if none should be fetched ahead.</param>
    public async Task<ListingPage> GetAsync(PagePlan plan, Func<PagePlan, PagePlan?> guess, CancellationToken cancellationToken)
    {
        if (_underWay.TryPeek(out var first) && first.Plan != plan)
            Forget(); // The listing moved, and the sweep requests another page than expected.
        if (_underWay.Count == 0)
            Start(plan, cancellationToken);
        for (PagePlan? next = guess(_underWay.Last().Plan);
            next is not null && !_isCancelled && _underWay.Count < window();
            next = guess(next.Value))
        {
            Start(next.Value, cancellationToken);
        }
        return await _underWay.Dequeue().Page;
    }

    public async ValueTask DisposeAsync()
    {
        await _discarded.CancelAsync();
        Forget();
        _discarded.Dispose();
    }

    private void Start(PagePlan plan, CancellationToken cancellationToken) =>
        _underWay.Enqueue((plan, FetchAsync(plan, cancellationToken)));

    private async Task<ListingPage> FetchAsync(PagePlan plan, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _discarded.Token);
        try
        {
            return await source(plan, retries(plan), either.Token);
        }
        catch (OperationCanceledException)
        {
            _isCancelled |= !_discarded.IsCancellationRequested; // The reading is paused: nothing more is fetched ahead.
            throw;
        }
    }

    /// <summary>Drops the pages in flight. Nobody waits for them any more, or for their errors.</summary>
    private void Forget()
    {
        while (_underWay.TryDequeue(out var page))
            _ = page.Page.ContinueWith(
                static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
