using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Kapso;

/// <summary>How to reach the source. Section <c>Kapso</c>.</summary>
public sealed class KapsoOptions
{
    public const string Section = "Kapso";

    /// <summary>The project's API key, sent as <c>X-API-Key</c>. A secret: never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Where the API begins; ends with a slash. Kapso's own by default.</summary>
    public string BaseUrl { get; set; } = "https://app.kapso.ai/api/v1/";

    /// <summary>Requests in flight at once, 1 to 64.</summary>
    [Range(1, 64, ErrorMessage = "Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.")]
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>How long one attempt may take, from the request to the last byte of its answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Kapso:AttemptTimeout (environment Kapso__AttemptTimeout) must be from 00:00:01 to 00:10:00.")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that failed for a passing reason is sent again. A 429 does not count: it is not a failure.</summary>
    [Range(0, 20, ErrorMessage = "Kapso:MaxRetries (environment Kapso__MaxRetries) must be a number from 0 to 20.")]
    public int MaxRetries { get; set; } = 5;

    /// <summary>The pause before the first such retry; it doubles each time, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "Kapso:RetryDelay (environment Kapso__RetryDelay) must be from 00:00:00 to 00:01:00.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How much of the key's rate limit this process uses at most, 0.05 to 1. The rest is for live traffic.</summary>
    [Range(0.05, 1.0, ErrorMessage = "Kapso:RateShare (environment Kapso__RateShare) must be a number from 0.05 to 1.")]
    public double RateShare { get; set; } = 0.8;

    /// <summary>The most requests a minute, 1 to 100,000, where the share of the announced limit is still too many. Null: the share decides.</summary>
    [Range(1, 100_000, ErrorMessage = "Kapso:RequestsPerMinute (environment Kapso__RequestsPerMinute) must be a number from 1 to 100000, or left out.")]
    public int? RequestsPerMinute { get; set; }

    /// <summary>The length of the source's rate window, which it does not announce. Only tests have another.</summary>
    internal TimeSpan RateWindow { get; set; } = TimeSpan.FromMinutes(1);
}
