namespace KapsoArchive.Core.Kapso;

/// <summary>What was asked of the source by this process since it began. Safe to read at any time from any thread.</summary>
public sealed class SourceCounters
{
    private long _requests;
    private long _retries;
    private long _throttled;

    /// <summary>Requests sent, retries among them.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests sent again after a failure or a 429.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Answers with status 429.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountRetry() => Interlocked.Increment(ref _retries);

    internal void CountThrottled() => Interlocked.Increment(ref _throttled);
}
