using KapsoArchive.Api;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Cli.Serve;

/// <summary>Lets nobody in without a key, but to the endpoints that are open to everybody. What does not exist is not told to strangers either.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, ApiKeys keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        bool isOpen = !keys.AreNeeded || context.GetEndpoint()?.Metadata.GetMetadata<AnonymousEndpoint>() is not null;
        if (isOpen || keys.LetIn(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "ApiKey";
        return context.Response.WriteProblemAsync();
    }
}
