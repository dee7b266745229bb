using KapsoArchive.Core.Telemetry;

namespace KapsoArchive.Core.Kapso;

/// <summary>Counters of one client's requests. Safe to read at any time from any thread.</summary>
public sealed class SourceCounters
{
    private static readonly HttpRequestOptionsKey<SourceCounters> Key = new("KapsoArchive.SourceCounters");

    private long _requests;
    private long _retries;
    private long _throttled;

    /// <summary>Requests sent, including retries.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests sent again after a failure or a 429.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Answers with status 429.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Returns the counters of the client that made the request.</summary>
    internal static SourceCounters? Of(HttpRequestMessage? request) =>
        request?.Options.TryGetValue(Key, out SourceCounters? counters) == true ? counters : null;

    /// <summary>Counts the request here.</summary>
    internal void Follow(HttpRequestMessage request) => request.Options.Set(Key, this);

    internal void CountRequest()
    {
        Interlocked.Increment(ref _requests);
        Instruments.Requests.Add(1);
    }

    internal void CountRetry()
    {
        Interlocked.Increment(ref _retries);
        Instruments.Retries.Add(1);
    }

    internal void CountThrottled()
    {
        Interlocked.Increment(ref _throttled);
        Instruments.Throttles.Add(1);
    }
}
