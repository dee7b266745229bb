using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Cli.Serve;

/// <summary>Writes problem documents for requests that do not reach the API's handlers.</summary>
internal static partial class ProblemAnswers
{
    /// <summary>Writes the problem document for the response's status. Does nothing if the response has started.</summary>
    public static async Task WriteProblemAsync(this HttpResponse response)
    {
        if (response.HasStarted)
            return;
        (string title, string detail) = response.StatusCode switch
        {
            StatusCodes.Status400BadRequest =>
                ("Unknown host", "Without keys, the server answers to the names localhost, 127.0.0.1 and [::1] only. Set " +
                    "Api:Keys to have it answer to others."),
            StatusCodes.Status401Unauthorized =>
                ("A key is needed", "Send one of the server's keys in the header x-functions-key or X-API-Key, or as ?code=."),
            StatusCodes.Status403Forbidden =>
                ("Another site asked", "A page of another site had this sent, and nothing was done. Send one of the server's keys, or " +
                    "send it from the server's own page; a proxy must pass the Host header on as it came."),
            StatusCodes.Status404NotFound => ("Not found", "There is nothing at this address. GET /api/openapi.json tells what there is."),
            StatusCodes.Status405MethodNotAllowed => ("Method not allowed", $"This address takes {response.Headers.Allow}."),
            StatusCodes.Status413PayloadTooLarge => ("Too large", "The request is too large."),
            StatusCodes.Status429TooManyRequests =>
                ("Too many requests", "Wait as long as Retry-After says. Api:RequestsPerMinute is the limit."),
            StatusCodes.Status500InternalServerError =>
                ("The server failed", "Something went wrong that should not have. The server's log says what."),
            _ => ("The request cannot be answered", "GET /api/openapi.json tells what can be asked."),
        };
        var problem = new ProblemDetails { Status = response.StatusCode, Title = title, Detail = detail, Type = "about:blank" };
        await response.WriteAsJsonAsync(
            problem, ProblemJson.Default.ProblemDetails, "application/problem+json", response.HttpContext.RequestAborted);
    }

    [JsonSerializable(typeof(ProblemDetails))]
    private sealed partial class ProblemJson : JsonSerializerContext;
}
