using System.Text.Json.Serialization;
using KapsoArchive.Api.FrontDoor;
using KapsoArchive.Cli.Serve.Browser;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Cli.Serve;

/// <summary>Writes problem documents for requests that do not reach the API's handlers.</summary>
internal static partial class ProblemAnswers
{
    /// <summary>Writes the problem document for the response's status, or a page for a browser. Does nothing if the response has
    /// started.</summary>
    public static async Task WriteProblemAsync(this HttpResponse response)
    {
        if (response.HasStarted)
            return;
        (string title, string detail) = response.StatusCode switch
        {
            StatusCodes.Status400BadRequest =>
                ("Unknown host", "Without keys, the server answers to the names localhost, 127.0.0.1 and [::1] only. Set Api:Keys to " +
                    "use other names."),
            StatusCodes.Status401Unauthorized =>
                ("A key is needed", "Send one of the server's keys in the header x-functions-key or X-API-Key, or as ?code=."),
            StatusCodes.Status403Forbidden =>
                ("The request came from another site", "A page of another site sent this request, so nothing was done. Send one of the " +
                    "server's keys, or use the server's own page. A proxy must not change the Host header."),
            StatusCodes.Status404NotFound => ("Not found", "There is nothing at this URL. GET /api/openapi.json lists the URLs."),
            StatusCodes.Status405MethodNotAllowed => ("Method not allowed", $"This URL accepts {response.Headers.Allow}."),
            StatusCodes.Status413PayloadTooLarge => ("Too large", "The request is too large."),
            StatusCodes.Status429TooManyRequests =>
                ("Too many requests", "Wait as long as Retry-After says. Api:RequestsPerMinute is the limit."),
            StatusCodes.Status500InternalServerError =>
                ("The server failed", "An unexpected error occurred. The server's log has the details."),
            _ => ("The request cannot be answered", "GET /api/openapi.json describes valid requests."),
        };
        if (response.HttpContext.Request.WantsPage())
        {
            await ProblemPage.Of(response.HttpContext.Request, response.StatusCode, title, detail).ExecuteAsync(response.HttpContext);
            return;
        }

        var problem = new ProblemDetails { Status = response.StatusCode, Title = title, Detail = detail, Type = "about:blank" };
        await response.WriteAsJsonAsync(
            problem, ProblemJson.Default.ProblemDetails, "application/problem+json", response.HttpContext.RequestAborted);
    }

    [JsonSerializable(typeof(ProblemDetails))]
    private sealed partial class ProblemJson : JsonSerializerContext;
}
