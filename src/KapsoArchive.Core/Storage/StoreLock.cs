namespace KapsoArchive.Core.Storage;

/// <summary>A held lock of a store. It is renewed every third of its term. Disposing it releases the lock at once and never
/// throws.</summary>
public sealed class StoreLock : IAsyncDisposable
{
    private readonly IClaim _claim;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _keeping;
    private int _ended;

    /// <param name="holder">The holder: this process.</param>
    /// <param name="asked">The timestamp before the claim was requested. Its term began later.</param>
    /// <param name="timeProvider">The clock of the term.</param>
    internal StoreLock(IClaim claim, LockHolder holder, long asked, TimeProvider timeProvider)
    {
        Holder = holder;
        _claim = claim;
        _timeProvider = timeProvider;
        _lost = new CancellationTokenSource(Remaining(asked), timeProvider);
        Lost = _lost.Token;
        _keeping = KeepAsync();
    }

    /// <summary>This process, as others see it.</summary>
    public LockHolder Holder { get; }

    /// <summary>Cancelled when the lock could not be kept. Another holder may have it, so what it protects must not be written any more. A
    /// suspended process notices at its next renewal.</summary>
    public CancellationToken Lost { get; }

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
