using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace KapsoArchive.Cli.Serve;

/// <summary>Refuses callers that exceed the rate limit and reports when to retry.</summary>
internal static class CallLimits
{
    public static void Set(RateLimiterOptions limiter, Callers callers, ApiOptions api)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            context => RateLimitPartition.GetTokenBucketLimiter(callers.Of(context), _ => api.Bucket()));
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan pause))
            {
                int seconds = Math.Max(1, (int)Math.Ceiling(pause.TotalSeconds));
                rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await rejected.HttpContext.Response.WriteProblemAsync();
        };
    }
}
