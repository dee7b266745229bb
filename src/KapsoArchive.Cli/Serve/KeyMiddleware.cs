using KapsoArchive.Api;
using KapsoArchive.Api.FrontDoor;
using KapsoArchive.Cli.Serve.Browser;

namespace KapsoArchive.Cli.Serve;

/// <summary>Requires a key, except for public endpoints and for pages opened with a session. Without either, unknown addresses are refused
/// in the same way, so that they reveal nothing.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, ApiKeys keys, Visitors visitors)
{
    public Task InvokeAsync(HttpContext context)
    {
        bool isPage = context.GetEndpoint() is not { } endpoint
            ? context.Request.WantsPage()
            : endpoint.Metadata.GetMetadata<PageEndpoint>() is not null;
        if (isPage)
            context.Features.Set(visitors.Of(context.Request));
        bool isOpen = isPage
            ? context.Features.Get<Visitor>() is not null
            : !keys.AreNeeded || context.GetEndpoint()?.Metadata.GetMetadata<AnonymousEndpoint>() is not null
                || keys.LetIn(context.Request);
        if (isOpen)
            return next(context);
        if (isPage && context.Request.WantsPage())
            return SignInViews.Ask(context.Request).ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "ApiKey";
        return context.Response.WriteProblemAsync();
    }
}
