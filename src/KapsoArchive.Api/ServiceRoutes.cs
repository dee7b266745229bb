using System.Text.Json;
using KapsoArchive.Api.Description;
using KapsoArchive.Api.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace KapsoArchive.Api;

/// <summary>Maps and describes the routes of the service itself.</summary>
internal static class ServiceRoutes
{
    private const string Tag = "Service";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/health/live", () => HealthApi.Live())
            .Named("getLiveness", Tag, "Tell whether the program lives", "Answers whenever the program does. No key is needed.")
            .Answers<LiveDocument>(StatusCodes.Status200OK, "It lives.")
            .WithMetadata(AnonymousEndpoint.Instance)
            .DisableRateLimiting();
        endpoints.MapGet("/api/health/ready", ([FromServices] HealthApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.ReadyAsync(request, cancellationToken))
            .Named("getReadiness", Tag, "Tell whether requests can be carried out",
                "Looks whether the store and the queue can be used, at most every five seconds. No key is needed.")
            .Answers<HealthDocument>(StatusCodes.Status200OK, "All is well.")
            .Answers<HealthDocument>(StatusCodes.Status503ServiceUnavailable, "A check failed; checks says which.")
            .WithMetadata(AnonymousEndpoint.Instance);
        endpoints.MapGet("/api/openapi.json", () => OpenApiDocument.Get())
            .Named("getDescription", Tag, "Get this description", "The OpenAPI description of this API.")
            .Answers<JsonElement>(StatusCodes.Status200OK, "The description.")
            .Answers(StatusCodes.Status401Unauthorized, "The key is missing or wrong.");
    }
}
