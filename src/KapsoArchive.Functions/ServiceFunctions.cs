namespace KapsoArchive.Functions;

/// <summary>Health, without a key, and the API's OpenAPI document.</summary>
public sealed class ServiceFunctions(HealthApi health)
{
    [Function("Live")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        HealthApi.Live(request);

    [Function("Ready")]
    public Task<IResult> ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request,
        CancellationToken cancellationToken) =>
        health.ReadyAsync(request, cancellationToken);

    [Function("GetOpenApi")]
    public static IResult OpenApi([HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        OpenApiDocument.Get(request);
}
