namespace KapsoArchive.Core.Media;

/// <summary>Ends a download that stalls, or that takes too long in all.</summary>
internal sealed class MediaPatience : IDisposable
{
    /// <summary>The longest wait for the head of an answer, or for the next bytes of its body.</summary>
    public static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    /// <summary>The longest download, redirects included.</summary>
    public static readonly TimeSpan Overall = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly CancellationToken _canceled;
    private readonly long _begun;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="canceled">The caller's wish to end.</param>
    public MediaPatience(TimeProvider time, CancellationToken canceled)
    {
        (_time, _canceled, _begun) = (time, canceled, time.GetTimestamp());
        _source = new CancellationTokenSource(Stall, time);
        _registration = canceled.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Is canceled when the patience ends, or the caller no longer waits.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something came, or the next request begins.</summary>
    public void Renew()
    {
        TimeSpan left = Overall - _time.GetElapsedTime(_begun);
        _source.CancelAfter(left < Stall ? left > TimeSpan.Zero ? left : TimeSpan.Zero : Stall);
    }

    /// <summary>What to report for a cancellation.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public MediaFailure Ended()
    {
        _canceled.ThrowIfCancellationRequested();
        return new MediaFailure(MediaVerdict.Unavailable,
            !_source.IsCancellationRequested ? "no connection within 10 seconds"
            : _time.GetElapsedTime(_begun) >= Overall ? $"it took longer than {Overall.TotalMinutes:0} minutes"
            : $"nothing came for {Stall.TotalSeconds:0} seconds");
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
