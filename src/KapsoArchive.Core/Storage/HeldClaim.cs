namespace KapsoArchive.Core.Storage;

/// <summary>Keeps a claim by renewing it every third of its term, until it is ended.</summary>
internal sealed class HeldClaim : IAsyncDisposable
{
    private readonly IClaim _claim;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _keeping;
    private int _ended;

    /// <param name="claim">The claim that was granted.</param>
    /// <param name="asked">The timestamp before the claim was requested. Its term began later.</param>
    /// <param name="timeProvider">The clock of the term.</param>
    public HeldClaim(IClaim claim, long asked, TimeProvider timeProvider)
    {
        _claim = claim;
        _timeProvider = timeProvider;
        _lost = new CancellationTokenSource(Remaining(asked), timeProvider);
        Lost = _lost.Token;
        _keeping = KeepAsync();
    }

    /// <summary>
    /// Cancelled when the claim could not be kept: another holder may have it. A suspended process notices at its next renewal.
    /// </summary>
    public CancellationToken Lost { get; }

    /// <summary>Releases the claim at once. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        await _ending.CancelAsync();
        await _keeping;
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
            // It expires at the end of its term.
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
            // Lost, or released.
        }
    }

    /// <returns>False if another try is due soon. The timer of <see cref="Lost"/> continues until one succeeds.</returns>
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

    /// <summary>What remains of a term that began at this time or later.</summary>
    private TimeSpan Remaining(long asked)
    {
        TimeSpan left = _claim.Term - _timeProvider.GetElapsedTime(asked);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
