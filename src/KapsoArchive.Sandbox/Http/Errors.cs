using System.Text.Json;
using KapsoArchive.Sandbox.Data;

namespace KapsoArchive.Sandbox.Http;

/// <summary>The errors of the API, in the shape that Kapso documents: <c>error</c>, and for some a <c>message</c>.</summary>
internal static class Errors
{
    public static Answer InvalidKey() => Of(StatusCodes.Status401Unauthorized, "Invalid or missing API key");

    public static Answer NotFound(string what) => Of(StatusCodes.Status404NotFound, $"{what} not found");

    public static Answer Unprocessable(string message) => Of(StatusCodes.Status422UnprocessableEntity, "Invalid parameters", message);

    public static Answer RateLimitExceeded(TimeSpan window)
    {
        // The whole window and not what is left of it: that is what Kapso documents ("Retry-After: 60").
        string seconds = $"{Math.Ceiling(window.TotalSeconds)}";
        return Of(
            StatusCodes.Status429TooManyRequests,
            "Rate limit exceeded",
            "You have exceeded the rate limit. Please try again later.",
            new KeyValuePair<string, string>("Retry-After", seconds));
    }

    private static Answer Of(int status, string error, string? message = null, params KeyValuePair<string, string>[] headers)
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
        return new Answer(status, json) { Headers = headers };
    }

    private static byte[] Quoted(string text) => JsonSerializer.SerializeToUtf8Bytes(text);
}
