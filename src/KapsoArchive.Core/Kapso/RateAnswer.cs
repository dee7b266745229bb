using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>What the rate budget takes from an answer.</summary>
/// <param name="Date">The server's clock; null where a cache may have kept the answer.</param>
/// <param name="Served">The API itself answered, and not something in front of it or instead of it.</param>
/// <param name="Throttled">429.</param>
internal sealed record RateAnswer(RateReading? Reading, DateTimeOffset? Date, bool Served, bool Throttled, TimeSpan? RetryAfter)
{
    /// <summary>No pause is longer, whatever the source asks.</summary>
    private static readonly TimeSpan MostRetryAfter = TimeSpan.FromMinutes(5);

    public static RateAnswer From(HttpResponseMessage response, TimeProvider time)
    {
        bool throttled = response.StatusCode == HttpStatusCode.TooManyRequests;
        return new RateAnswer(
            RateReading.From(response),
            SourceClock.DateOf(response),
            !throttled && !TransientFault.Is(response.StatusCode),
            throttled,
            throttled ? TransientFault.RetryAfter(response, time, MostRetryAfter) : null);
    }
}
