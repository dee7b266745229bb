using System.Text.Json;

namespace KapsoArchive.Sandbox.Http;

/// <summary>The errors of the API, in the shape that Kapso documents: <c>error</c>, and for some a <c>message</c>.</summary>
internal static class Errors
{
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
    public static SandboxAnswer PageLimit(SandboxPageLimitException limit)
    {
        var json = new Utf8Buffer();
        json.Append("{\"message\":\"legacy_offset_pagination_limit_exceeded\",\"detail\":"u8);
        json.Append(Quoted($"Offset pagination ends at {limit.MaxOffset} records."));
        json.Append(",\"max_page\":"u8);
        json.Append(limit.MaxPage);
        json.Append(",\"max_offset\":"u8);
        json.Append(limit.MaxOffset);
        json.Append((byte)'}');
        return new SandboxAnswer(StatusCodes.Status400BadRequest, json);
    }

    public static SandboxAnswer Of(int status, string error, string? message = null, params KeyValuePair<string, string>[] headers)
    {
        var json = new Utf8Buffer();
        json.Append("{\"error\":"u8);
        json.Append(Quoted(error));
        if (message is not null)
        {
            json.Append(",\"message\":"u8);
            json.Append(Quoted(message));
        }
        json.Append((byte)'}');
        return new SandboxAnswer(status, json) { Headers = headers };
    }

    private static byte[] Quoted(string text) => JsonSerializer.SerializeToUtf8Bytes(text);
}
