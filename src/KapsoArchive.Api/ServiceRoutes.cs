using KapsoArchive.Api.Description;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Api;

/// <summary>Maps and describes the routes of the service itself.</summary>
internal static class ServiceRoutes
{
    private const string Tag = "Service";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/health/live", (HttpRequest request) => HealthApi.Live(request))
            .Named("getLiveness", Tag, "Check whether the server is alive", "Answers while the process runs. No key is needed.")
            .Answers<LiveDocument>(StatusCodes.Status200OK, "The server is alive.")
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .WithMetadata(AnonymousEndpoint.Instance)
            .DisableRateLimiting();
        endpoints.MapGet("/api/health/ready", ([FromServices] HealthApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.ReadyAsync(request, cancellationToken))
            .Named("getReadiness", Tag, "Check whether the server is ready",
                "Checks the store and the queue, at most once every five seconds. No key is needed.")
            .Answers<HealthDocument>(StatusCodes.Status200OK, "All checks passed.")
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Answers<HealthDocument>(StatusCodes.Status503ServiceUnavailable, "A check failed; checks says which.")
            .WithMetadata(AnonymousEndpoint.Instance);
        endpoints.MapGet("/api/openapi.json", (HttpRequest request) => OpenApiDocument.Get(request))
            .Named("getDescription", Tag, "Get this description", "The OpenAPI description of this API.")
            .Answers<JsonElement>(StatusCodes.Status200OK, "The description.")
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Answers(StatusCodes.Status401Unauthorized, "The key is missing or wrong.");
    }
}
