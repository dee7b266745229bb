using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace KapsoArchive.Core.Kapso;

/// <summary>Decides whether a retry may help.</summary>
internal static class TransientFault
{
    /// <summary>408 and every 5xx. A 429 is not a fault; it is handled separately.</summary>
    public static bool Is(HttpStatusCode status) => status == HttpStatusCode.RequestTimeout || (int)status >= 500;

    /// <summary>A broken or stalled connection, a timed-out attempt, a body that is not the expected JSON, or an open circuit.</summary>
    public static bool Is(Exception exception) =>
        exception is HttpRequestException or IOException or UnexpectedAnswerException or BrokenCircuitException || IsTimeout(exception);

    /// <summary>A timed-out attempt or connection. The framework reports a connection time-out as a cancellation.</summary>
    public static bool IsTimeout(Exception exception) =>
        exception is TimeoutRejectedException or OperationCanceledException { InnerException: TimeoutException };

    public static bool Is(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is { } exception ? Is(exception) : Is(outcome.Result!.StatusCode);

    public static bool IsThrottled(Outcome<HttpResponseMessage> outcome) => outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>
    /// How long the source asks to wait, in seconds or as a date, at most <paramref name="most"/>. Null if it does not ask or the time has
    /// passed: then the usual pause applies, because an immediate retry is never intended. A date is compared with the answer's own
    /// <c>Date</c> if present.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time, TimeSpan most)
    {
        TimeSpan? asked = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()), // By the server's own clock if known.
            _ => null,
        };
        return asked > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(asked.Value.Ticks, most.Ticks)) : null;
    }
}
