using System.Net;
using System.Net.Http.Headers;

namespace KapsoArchive.Core.Media;

/// <summary>The rate headers of an answer: downloads may count against the budget of the project's key.</summary>
/// <param name="Limit">Requests per window; null if not stated.</param>
/// <param name="Remaining">Requests left after this one; null if not stated.</param>
/// <param name="RetryAfter">The pause that was asked for; null if none was.</param>
/// <param name="Throttled">The status was 429.</param>
internal sealed record MediaRate(int? Limit, int? Remaining, TimeSpan? RetryAfter, bool Throttled)
{
    /// <summary>Null if the answer has no such header and its status is not 429.</summary>
    public static MediaRate? Of(HttpResponseMessage answer, TimeProvider time)
    {
        var rate = new MediaRate(
            Number(answer.Headers, "X-RateLimit-Limit"), Number(answer.Headers, "X-RateLimit-Remaining"),
            Pause(answer.Headers.RetryAfter, time), answer.StatusCode == HttpStatusCode.TooManyRequests);
        return rate == new MediaRate(null, null, null, false) ? null : rate;
    }

    private static int? Number(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
        && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private static TimeSpan? Pause(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan? pause = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
