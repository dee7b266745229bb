using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.FunctionsHost.Http;

/// <summary>Where callers reach the app: routes, methods and key levels as the functions declare them.</summary>
internal sealed class HttpFrontDoor : IAsyncDisposable
{
    private const long LargestBody = 104_857_600;

    private readonly WebApplication _app;

    private HttpFrontDoor(IEnumerable<HttpTrigger> triggers, string prefix, FunctionKeys keys)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        foreach (IGrouping<string, HttpTrigger> route in triggers.GroupBy(t => t.Route, StringComparer.OrdinalIgnoreCase))
            _app.Map($"/{prefix}/{route.Key}", context => AnswerAsync(context, route, keys));
        // "Wrong methods and unknown paths are answered by the host: 404, empty."
        _app.MapFallback("{*path}", context => EmptyAsync(context, StatusCodes.Status404NotFound));
    }

    public Uri Url => new(_app.Urls.Single());

    public static async Task<HttpFrontDoor> OpenAsync(IEnumerable<HttpTrigger> triggers, string prefix, FunctionKeys keys, CancellationToken cancellationToken)
    {
        var door = new HttpFrontDoor(triggers, prefix, keys);
        await door._app.StartAsync(cancellationToken);
        return door;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task AnswerAsync(HttpContext context, IEnumerable<HttpTrigger> route, FunctionKeys keys)
    {
        if (route.FirstOrDefault(t => t.Takes(context.Request.Method)) is not { } trigger)
            return EmptyAsync(context, StatusCodes.Status404NotFound);
        return keys.Open(trigger.Level, context.Request) ? trigger.AnswerAsync(context) : EmptyAsync(context, StatusCodes.Status401Unauthorized); // "401 has an empty body"
    }

    private static Task EmptyAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
