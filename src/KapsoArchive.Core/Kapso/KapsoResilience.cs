using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace KapsoArchive.Core.Kapso;

/// <summary>The way every request goes, from outside in: waits for 429s, retries of passing faults, circuit breaker, time-out of one attempt.</summary>
internal static class KapsoResilience
{
    /// <summary>No pause is longer, whatever the source asks.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, KapsoOptions options, SourceCounters counters, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline
            .AddRetry(Retry("throttled", int.MaxValue, TransientFault.IsThrottled, TimeSpan.FromSeconds(1), counters, time))
            .AddRetry(Retry("retry", Math.Max(1, options.MaxRetries), o => options.MaxRetries > 0 && TransientFault.Is(o), options.RetryDelay, counters, time))
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

    private static HttpRetryStrategyOptions Retry(
        string name, int attempts, Func<Outcome<HttpResponseMessage>, bool> shouldHandle, TimeSpan delay, SourceCounters counters, TimeProvider time) => new()
        {
            Name = name,
            MaxRetryAttempts = attempts,
            ShouldHandle = args => ValueTask.FromResult(shouldHandle(args.Outcome)),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = delay,
            MaxDelay = TimeSpan.FromMinutes(1),
            DelayGenerator = args => ValueTask.FromResult(TransientFault.RetryAfter(args.Outcome.Result, time, MaxDelay)),
            OnRetry = _ =>
            {
                counters.CountRetry();
                return default;
            },
        };
}
