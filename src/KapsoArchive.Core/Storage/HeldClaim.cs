namespace KapsoArchive.Core.Storage;

/// <summary>A claim, kept: renewed every third of its term by a loop of its own until it is ended.</summary>
internal sealed class HeldClaim : IAsyncDisposable
{
    private readonly IClaim _claim;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _keeping;
    private int _ended;

    /// <param name="claim">What was granted.</param>
    /// <param name="asked">The timestamp before the claim was asked for: its term began after that.</param>
    /// <param name="timeProvider">The clock of the term.</param>
    public HeldClaim(IClaim claim, long asked, TimeProvider timeProvider)
    {
        _claim = claim;
        _timeProvider = timeProvider;
        _lost = new CancellationTokenSource(Remaining(asked), timeProvider);
        Lost = _lost.Token;
        _keeping = KeepAsync();
    }

    /// <summary>Cancelled when the claim could not be kept: then somebody else may hold it. A process that was suspended learns it at its next renewal.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Renews it no longer and leaves it as it is, for a holder that has another use for what is left of the term. Disposing does nothing then.</summary>
    public Task StopAsync() => EndAsync(release: false);

    /// <summary>Gives the claim back at once. Never throws.</summary>
    public async ValueTask DisposeAsync() => await EndAsync(release: true);

    private async Task EndAsync(bool release)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        await _ending.CancelAsync();
        await _keeping;
        if (release)
            await ReleaseAsync();
        _lost.Dispose();
        _ending.Dispose();
    }

    private async Task ReleaseAsync()
    {
        try
        {
            using CancellationTokenSource patience = new(_claim.Term / 3, _timeProvider);
            await _claim.ReleaseAsync(patience.Token);
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException)
        {
            // It frees itself at the end of its term.
        }
    }

    private async Task KeepAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Lost, _ending.Token);
        try
        {
            TimeSpan pause = _claim.Term / 3;
            while (true)
            {
                await Task.Delay(pause, _timeProvider, stop.Token);
                pause = await TryRenewAsync(stop.Token) ? _claim.Term / 3 : _claim.Term / 30;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Lost, or given back.
        }
    }

    /// <returns>False where another try is due soon. Until one succeeds the timer of <see cref="Lost"/> runs on.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken stop)
    {
        long asked = _timeProvider.GetTimestamp();
        using CancellationTokenSource patience = new(_claim.Term / 3, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            if (await _claim.RenewAsync(either.Token))
                _lost.CancelAfter(Remaining(asked));
            else
                await _lost.CancelAsync();
            return true;
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What is left of a term that began no sooner than this.</summary>
    private TimeSpan Remaining(long asked)
    {
        TimeSpan left = _claim.Term - _timeProvider.GetElapsedTime(asked);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
