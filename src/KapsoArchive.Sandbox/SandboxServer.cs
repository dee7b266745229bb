using KapsoArchive.Sandbox.Http;

namespace KapsoArchive.Sandbox;

/// <summary>
/// A local stand-in for Kapso's API: the messages and the conversations endpoint, with its key check, paging, rate limit and errors.
/// It runs inside the process and listens until it is disposed.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxPipeline _pipeline;

    private SandboxServer(WebApplication app, SandboxPipeline pipeline, SandboxData data)
    {
        _app = app;
        _pipeline = pipeline;
        Data = data;
        BaseUrl = new Uri(new Uri(app.Urls.Single()), "/api/v1/");
    }

    /// <summary>Where the API is, such as <c>http://127.0.0.1:5080/api/v1/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>What a complete archive of this server must hold.</summary>
    public SandboxData Data { get; }

    /// <summary>All requests so far, refused ones included.</summary>
    public long RequestCount => _pipeline.RequestCount;

    /// <summary>The requests that were answered with 429.</summary>
    public long ThrottledCount => _pipeline.ThrottledCount;

    /// <summary>Starts a server and returns once it listens.</summary>
    /// <param name="options">What to serve.</param>
    /// <param name="time">The server's clock, for its rate windows and its <c>Date</c> header.</param>
    /// <param name="ct">Gives up the start; it does not stop a server that runs.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address may not be used.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, TimeProvider? time = null, CancellationToken ct = default)
    {
        var data = new SandboxData(options);
        var pipeline = new SandboxPipeline(options, data, time ?? TimeProvider.System);

        // The empty builder reads no environment and no settings file, and logs nothing: the options alone decide.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls((options.Url ?? new Uri("http://127.0.0.1:0")).ToString());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();

        var app = builder.Build();
        app.Run(pipeline.HandleAsync);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new SandboxServer(app, pipeline, data);
    }

    /// <summary>Stops listening and breaks what is under way.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
