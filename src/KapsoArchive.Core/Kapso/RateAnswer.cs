using System.Net;

namespace KapsoArchive.Core.Kapso;

/// <summary>The parts of an answer that the rate budget uses.</summary>
/// <param name="Date">The server's clock; null if a cache may have stored the answer.</param>
/// <param name="Served">The API itself answered, not a gateway or proxy.</param>
/// <param name="Throttled">The status was 429.</param>
internal sealed record RateAnswer(RateReading? Reading, DateTimeOffset? Date, bool Served, bool Throttled, TimeSpan? RetryAfter)
{
    /// <summary>The longest pause, whatever the source asks for.</summary>
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
