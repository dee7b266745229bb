using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace KapsoArchive.Cli.Serve;

/// <summary>Who may call the server, and how often. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Keys, with commas between. Secrets: never logged. Empty: only this machine may call, without a key.</summary>
    public string? Keys { get; set; }

    /// <summary>Calls a minute for each key, each session of a browser and, of all others, each address; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.")]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>The calls that are still free: a minute's worth at most, filled up every second or, where there are fewer, by one at a time.</summary>
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
