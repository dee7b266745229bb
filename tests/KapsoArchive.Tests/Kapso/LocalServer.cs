using System.Collections.Concurrent;
using KapsoArchive.Core.Kapso;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Kapso;

/// <summary>A real server on this machine, for what only a socket can do. It keeps the key that each request brought.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _keys = new();

    private LocalServer(WebApplication app) => _app = app;

    /// <summary>One a request, in their order; empty where a request brought none.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    public Uri BaseUrl => new(new Uri(_app.Urls.Single()), "/api/v1/");

    public static async Task<LocalServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var server = new LocalServer(app);
        app.Run(async context =>
        {
            server._keys.Enqueue(context.Request.Headers[KapsoServices.KeyHeader].ToString());
            await answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
