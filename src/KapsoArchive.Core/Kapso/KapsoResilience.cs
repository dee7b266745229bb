using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace KapsoArchive.Core.Kapso;

/// <summary>The pipeline of every request, from the outside in: retries of 429s and of transient faults; the rate budget; the circuit
/// breaker and the time-out of one attempt. The budget sits in the middle, so waiting for it neither counts towards an attempt nor delays
/// the breaker's trial request.</summary>
internal static class KapsoResilience
{
    /// <summary>The longest pause, whatever the source asks for.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    /// <summary>How many times to resend a request that searches for the faulty record. Its failure is expected and says nothing about the
    /// source as a whole.</summary>
    public static readonly HttpRequestOptionsKey<int> Retries = new("KapsoArchive.Retries");

    public static void ConfigureRetries(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, KapsoOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        HttpRetryStrategyOptions throttled = Retry("throttled", int.MaxValue, args => TransientFault.IsThrottled(args.Outcome));
        throttled.DelayGenerator = static _ => ValueTask.FromResult<TimeSpan?>(TimeSpan.Zero); // The rate budget delays it.
        HttpRetryStrategyOptions retry = Retry(
            "retry", Math.Max(1, options.MaxRetries),
            args => args.AttemptNumber < Math.Min(options.MaxRetries, FewOf(args.Context) ?? options.MaxRetries)
                && TransientFault.Is(args.Outcome));
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
                ShouldHandle = args => ValueTask.FromResult(FewOf(args.Context) is null && IsOutage(args.Outcome)),
                FailureRatio = 0.9,
                MinimumThroughput = 20,
                SamplingDuration = options.AttemptTimeout * 2,
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(new HttpTimeoutStrategyOptions { Name = "attempt-timeout", Timeout = options.AttemptTimeout });
    }

    private static int? FewOf(ResilienceContext context) =>
        context.GetRequestMessage()?.Options.TryGetValue(Retries, out int few) == true ? few : null;

    /// <summary>A 500 or 504 may concern only the requested page, so it does not count as an outage.</summary>
    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) =>
        TransientFault.Is(outcome)
            && outcome.Result?.StatusCode is not (HttpStatusCode.InternalServerError or HttpStatusCode.GatewayTimeout);

    private static HttpRetryStrategyOptions Retry(
        string name, int attempts, Func<RetryPredicateArguments<HttpResponseMessage>, bool> shouldHandle) => new()
        {
            Name = name,
            MaxRetryAttempts = attempts,
            ShouldHandle = args => ValueTask.FromResult(shouldHandle(args)),
            OnRetry = static args =>
            {
                SourceCounters.Of(args.Context.GetRequestMessage())?.CountRetry();
                return default;
            },
        };
}
