using KapsoArchive.Sandbox.Http;

namespace KapsoArchive.Sandbox;

/// <summary>A local stand-in for Kapso's API: the messages and the conversations endpoint, with its key check, paging, rate limit and
/// errors, and with configurable faults. It runs in this process and listens until it is disposed.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxPipeline _pipeline;

    private SandboxServer(WebApplication app, SandboxPipeline pipeline, SandboxData data, SandboxListings listings,
        BlobLinks? links, SandboxMediaHost? media)
    {
        _app = app;
        _pipeline = pipeline;
        Data = data;
        Listings = listings;
        Media = media;
        BaseUrl = new Uri(new Uri(app.Urls.First()), "/api/v1/");
        if (links is not null) (links.Host, links.StorageHost) = (BaseUrl, new Uri(app.Urls.Last()));
    }

    /// <summary>The API's base address, such as <c>http://127.0.0.1:5080/api/v1/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The initial data, which is also what a complete archive must hold if nothing has moved.</summary>
    public SandboxData Data { get; }

    /// <summary>The files behind the records' links; null if the options have no media.</summary>
    public SandboxMediaHost? Media { get; }

    /// <summary>The current conversations, used to move them and to set their oddities.</summary>
    internal SandboxListings Listings { get; }

    /// <summary>The faults from the next request on.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxFaults Faults
    {
        get => _pipeline.Faults.Faults;
        set => _pipeline.Faults.Faults = value.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    }

    /// <summary>The number of faults so far, by kind.</summary>
    public IReadOnlyDictionary<SandboxFaultKind, long> FaultCounts => _pipeline.Faults.Counts;

    /// <summary>The rate limit from the next request on. Setting it does not start a new window: requests already counted stay
    /// counted.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SandboxRate Rate
    {
        get => _pipeline.Rate.Rate;
        set => _pipeline.Rate.Rate = value.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    }

    /// <summary>Every rate window in which the sandbox's key was used, in the order of time, the present one included.</summary>
    public IReadOnlyList<SandboxRateWindow> RateLog => _pipeline.Rate.Log;

    /// <summary>All requests so far, including refused and failed ones, but not those below <c>/sandbox/</c> or for
    /// media.</summary>
    public long RequestCount => _pipeline.RequestCount;

    /// <summary>The requests that were answered with 429.</summary>
    public long ThrottledCount => _pipeline.ThrottledCount;

    /// <summary>Starts a server and returns once it listens.</summary>
    /// <param name="time">The server's clock, used for rate windows, slow answers and the <c>Date</c> header.</param>
    /// <param name="cancellationToken">Cancels the start; it does not stop a running server.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address may not be used.</exception>
    public static async Task<SandboxServer> StartAsync(
        SandboxOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var links = options.Media is null ? null : new BlobLinks(options.Media);
        var data = new SandboxData(options, links);
        var listings = new SandboxListings(options, data);
        var media = links is null ? null : new SandboxMediaHost(options, links, listings, time ?? TimeProvider.System);
        var pipeline = new SandboxPipeline(options, listings, media, time ?? TimeProvider.System);

        // The empty builder reads no environment and no settings file, and logs nothing: the options alone decide.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        const string FreePort = "http://127.0.0.1:0";
        string address = options.Url?.ToString() ?? FreePort;
        builder.WebHost.UseUrls(media is null ? [address] : [address, FreePort]);
        builder.Services.AddSingleton<IHostLifetime, SandboxLifetime>();

        var app = builder.Build();
        app.Run(context => media?.Owns(context) == true ? media.HandleAsync(context) : pipeline.HandleAsync(context));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new SandboxServer(app, pipeline, data, listings, links, media);
    }

    /// <summary>Stops listening and aborts running requests.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>Leaves Ctrl+C to the program around the sandbox: a host would otherwise handle it.</summary>
internal sealed class SandboxLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
