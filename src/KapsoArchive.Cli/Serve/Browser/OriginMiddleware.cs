using KapsoArchive.Api.FrontDoor;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Refuses requests that another site made a browser send. No browser adds a key by itself, so a request with a key is
/// intentional. Agents' calls are refused even with a key, as the Model Context Protocol requires.</summary>
internal sealed class OriginMiddleware(RequestDelegate next, ApiKeys keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isAgent = request.Path.StartsWithSegments(ServeApp.AgentPath, StringComparison.OrdinalIgnoreCase);
        if (!request.IsForeign() || (!isAgent && (IsReading(request.Method) || keys.LetIn(request))))
            return next(context);
        if (request.WantsPage())
            return SignInViews.Refuse(request).ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteProblemAsync();
    }

    private static bool IsReading(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
