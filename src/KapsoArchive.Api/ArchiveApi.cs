using Microsoft.AspNetCore.Routing;

namespace KapsoArchive.Api;

/// <summary>Maps the API's addresses to its handlers, for a host that has routing. The function app has its own, with the same addresses.</summary>
public static class ArchiveApi
{
    /// <summary>Maps all endpoints below <c>/api</c>. Those that are open to everybody bear an <see cref="AnonymousEndpoint"/>; asking a key for the others is the host's business.</summary>
    public static IEndpointRouteBuilder MapArchiveApi(this IEndpointRouteBuilder endpoints)
    {
        ExportRoutes.Map(endpoints);
        RunRoutes.Map(endpoints);
        ServiceRoutes.Map(endpoints);
        return endpoints;
    }
}
