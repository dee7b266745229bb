using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace KapsoArchive.Cli.Serve;

/// <summary>Who may call the server, and how often. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Comma-separated keys. Secret: never logged. If empty, only this machine may call, without a key.</summary>
    public string? Keys { get; set; }

    /// <summary>Calls per minute for each key, each browser session and, for other callers, each address; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.")]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>The token bucket: holds at most one minute of calls. It is refilled every second, or one call at a time if the rate is
    /// below one per second.</summary>
    public TokenBucketRateLimiterOptions Bucket()
    {
        int tokens = Math.Max(1, RequestsPerMinute / 60);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = RequestsPerMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * ((double)tokens / RequestsPerMinute),
        };
    }
}
