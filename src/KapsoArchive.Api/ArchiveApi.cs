namespace KapsoArchive.Api;

/// <summary>Maps the API's routes to its handlers. The function app declares the same routes itself.</summary>
public static class ArchiveApi
{
    /// <summary>Maps all endpoints below <c>/api</c>. Public ones have an <see cref="AnonymousEndpoint"/>; the host requires a key for all
    /// others.</summary>
    public static IEndpointRouteBuilder MapArchiveApi(this IEndpointRouteBuilder endpoints)
    {
        ExportRoutes.Map(endpoints);
        ConversationRoutes.Map(endpoints);
        RunRoutes.Map(endpoints);
        ServiceRoutes.Map(endpoints);
        return endpoints;
    }
}
