namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Ends a slice. At its time no further request is sent, and requests in flight get a few more seconds, so that none is wasted. An
/// interruption ends it at once.</summary>
internal sealed class SliceClock : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _either;

    public SliceClock(TimeSpan duration, TimeProvider time, CancellationToken interruption)
    {
        Interruption = interruption;
        _ending = new CancellationTokenSource(duration, time);
        _stop = new CancellationTokenSource(duration + Grace, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, interruption);
    }

    /// <summary>Cancelled when the run is to stop, not only the slice.</summary>
    public CancellationToken Interruption { get; }

    /// <summary>Cancelled when requests in flight are to be abandoned too.</summary>
    public CancellationToken Stop => _either.Token;

    public bool IsEnding => _ending.IsCancellationRequested || _either.IsCancellationRequested;

    /// <summary>Ends the slice now, because an error makes continuing pointless.</summary>
    public void End() => _stop.Cancel();

    /// <exception cref="OperationCanceledException">No further request may be sent.</exception>
    public void ThrowIfEnding()
    {
        _ending.Token.ThrowIfCancellationRequested();
        _either.Token.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _either.Dispose();
        _stop.Dispose();
        _ending.Dispose();
    }
}
