using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace KapsoArchive.Core.Kapso;

/// <summary>
/// The way every request goes, from outside in: 429s sent again, retries of passing faults; then the rate budget; then circuit breaker and time-out of one attempt.
/// The budget stands between, so that waiting for it is neither part of an attempt nor holds the breaker's trial up.
/// </summary>
internal static class KapsoResilience
{
    /// <summary>No pause is longer, whatever the source asks.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    public static void ConfigureRetries(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, KapsoOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        HttpRetryStrategyOptions throttled = Retry("throttled", int.MaxValue, TransientFault.IsThrottled);
        throttled.DelayGenerator = static _ => ValueTask.FromResult<TimeSpan?>(TimeSpan.Zero); // The rate budget holds it back.
        HttpRetryStrategyOptions retry = Retry("retry", Math.Max(1, options.MaxRetries), o => options.MaxRetries > 0 && TransientFault.Is(o));
        retry.BackoffType = DelayBackoffType.Exponential;
        retry.UseJitter = true;
        retry.Delay = options.RetryDelay;
        retry.MaxDelay = TimeSpan.FromMinutes(1);
        retry.DelayGenerator = args => ValueTask.FromResult(TransientFault.RetryAfter(args.Outcome.Result, time, MaxDelay));
        pipeline.AddRetry(throttled).AddRetry(retry);
    }

    public static void ConfigureAttempt(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, KapsoOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                Name = "circuit-breaker",
                ShouldHandle = args => ValueTask.FromResult(TransientFault.Is(args.Outcome)),
                FailureRatio = 0.9,
                MinimumThroughput = 20,
                SamplingDuration = options.AttemptTimeout * 2,
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(new HttpTimeoutStrategyOptions { Name = "attempt-timeout", Timeout = options.AttemptTimeout });
    }

    private static HttpRetryStrategyOptions Retry(string name, int attempts, Func<Outcome<HttpResponseMessage>, bool> shouldHandle) => new()
    {
        Name = name,
        MaxRetryAttempts = attempts,
        ShouldHandle = args => ValueTask.FromResult(shouldHandle(args.Outcome)),
        OnRetry = static args =>
        {
            SourceCounters.Of(args.Context.GetRequestMessage())?.CountRetry();
            return default;
        },
    };
}
