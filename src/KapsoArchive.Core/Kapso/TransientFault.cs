using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace KapsoArchive.Core.Kapso;

/// <summary>Decides whether asking again may help.</summary>
internal static class TransientFault
{
    /// <summary>408 and every 5xx. A 429 is no fault: it is waited out apart.</summary>
    public static bool Is(HttpStatusCode status) => status == HttpStatusCode.RequestTimeout || (int)status >= 500;

    /// <summary>A broken or stalled connection, an attempt that took too long, a body that is not the JSON expected, an open circuit.</summary>
    public static bool Is(Exception exception) =>
        exception is HttpRequestException or IOException or UnexpectedAnswerException or BrokenCircuitException || IsTimeout(exception);

    /// <summary>An attempt that took too long, or a connection that could not be made in time: the framework reports that one as a cancellation, which it is not.</summary>
    public static bool IsTimeout(Exception exception) =>
        exception is TimeoutRejectedException or OperationCanceledException { InnerException: TimeoutException };

    public static bool Is(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is { } exception ? Is(exception) : Is(outcome.Result!.StatusCode);

    public static bool IsThrottled(Outcome<HttpResponseMessage> outcome) => outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>
    /// How long the source asks to wait, as seconds or as a date, at most <paramref name="most"/>. Null where it does not ask, or asks for a time that is over: then the usual
    /// pause applies, because asking again at once is never meant. A date is read against the answer's own clock where it shows one.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time, TimeSpan most)
    {
        TimeSpan? asked = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (response.Headers.Date ?? time.GetUtcNow()), // By the clock that set it, where that is told.
            _ => null,
        };
        return asked > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(asked.Value.Ticks, most.Ticks)) : null;
    }
}
