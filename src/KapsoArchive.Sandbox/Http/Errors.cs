using System.Text.Json.Serialization;

namespace KapsoArchive.Sandbox.Http;

/// <summary>The errors of the API, in the shape that Kapso documents: <c>error</c>, and for some a <c>message</c>.</summary>
internal static class Errors
{
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static SandboxAnswer InvalidKey() => Of(StatusCodes.Status401Unauthorized, "Invalid or missing API key");

    public static SandboxAnswer NotFound(string what) => Of(StatusCodes.Status404NotFound, $"{what} not found");

    public static SandboxAnswer Unprocessable(string message) =>
        Of(StatusCodes.Status422UnprocessableEntity, "Invalid parameters", message);

    /// <param name="window">Its whole length is reported, not the time left, as Kapso documents ("Retry-After: 60").</param>
    public static SandboxAnswer RateLimitExceeded(TimeSpan window) => RateLimitExceeded($"{Math.Ceiling(window.TotalSeconds)}");

    public static SandboxAnswer RateLimitExceeded(string retryAfter) => Of(
        StatusCodes.Status429TooManyRequests,
        "Rate limit exceeded",
        "You have exceeded the rate limit. Please try again later.",
        new KeyValuePair<string, string>("Retry-After", retryAfter));

    /// <summary>The refusal of a high page number, as in the vendor's newer API: without <c>error</c>.</summary>
    public static SandboxAnswer PageLimit(SandboxPageLimitException limit) => SandboxAnswer.OfJson(
        StatusCodes.Status400BadRequest,
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            message = "legacy_offset_pagination_limit_exceeded",
            detail = $"Offset pagination ends at {limit.MaxOffset} records.",
            max_page = limit.MaxPage,
            max_offset = limit.MaxOffset,
        }));

    public static SandboxAnswer Of(int status, string error, string? message = null, params KeyValuePair<string, string>[] headers) =>
        SandboxAnswer.OfJson(status, JsonSerializer.SerializeToUtf8Bytes(new { error, message }, WithoutNulls), headers);
}
