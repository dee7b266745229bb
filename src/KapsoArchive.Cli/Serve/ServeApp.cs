using KapsoArchive.Api;
using KapsoArchive.Api.Answers;
using KapsoArchive.Cli.Serve.Browser;
using KapsoArchive.Core;
using KapsoArchive.Core.Dispatch;
using KapsoArchive.Core.Inspection.Histories;
using KapsoArchive.Core.Inspection.Search;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Settings;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Mcp;
using KapsoArchive.Telemetry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KapsoArchive.Cli.Serve;

/// <summary>Composes the server: the API and the browser's pages behind keys and limits, the worker and the schedule.</summary>
internal static class ServeApp
{
    /// <summary>Where agents read the archive.</summary>
    public const string AgentPath = "/mcp";

    private const int MaxConnections = 5 * ConnectionGate.MostOfAddress;

    /// <summary>Larger than the API's own limit, whose error message is clearer.</summary>
    private const long MaxBodyLength = 4 * 1024 * 1024;

    /// <summary>These categories log the query of each request below the warning level.</summary>
    private static readonly string[] LogsWithQueries = ["Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    /// <summary>Time limit for a request's headers, from their first byte.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    private static readonly HttpMethodMetadata Reading = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Time for runs to close their parts and save their progress.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <param name="urls">The value of <c>--urls</c>; null to use the environment.</param>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static WebApplication Build(IConfiguration settings, string? urls, TimeProvider time)
    {
        ApiKeys keys = ApiKeys.Parse(settings[$"{ApiOptions.Section}:{nameof(ApiOptions.Keys)}"]);
        string[] addresses = ServeAddress.Of(urls, settings, keys);
        NightlySchedule schedule = NightlySchedule.Parse(settings["ArchiveSchedule"]);
        TrustedProxies proxies = TrustedProxies.Parse(settings[$"{ServeOptions.Section}:{nameof(ServeOptions.Proxies)}"]);

        var gate = new ConnectionGate(proxies);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(settings);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(addresses).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = MaxBodyLength;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(gate.Guard));
        });
        builder.Logging.AddConfiguration(settings.GetSection("Logging")).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("KapsoArchive", LogLevel.Information).AddErrorLogs();
        foreach (string category in LogsWithQueries)
            builder.Logging.AddFilter(category, LogLevel.Warning); // Regardless of the settings: a query may contain a key.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.None); // Likewise: it logs what clients send.
        bool hasStarted = false;
        // The program itself reports once why the server does not start.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Warning);
        AddServices(builder.Services, settings, time, keys, schedule);

        WebApplication app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        app.Use(ConnectionGate.AnswerAsync);
        app.Use(GuardAsync);
        if (proxies.AreNamed)
            app.UseForwardedHeaders(proxies.Headers);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Response.WriteProblemAsync(),
            StatusCodeSelector = e => e is BadHttpRequestException wrong ? wrong.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException, // The caller's fault.
        });
        app.UseStatusCodePages(context => context.HttpContext.Response.WriteProblemAsync());
        if (!keys.AreNeeded)
            app.UseHostFiltering(); // Prevents DNS rebinding: a site cannot reach the server under its own host name.
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<KeyMiddleware>();
        app.UseMiddleware<OriginMiddleware>();
        MapApi(app);
        if (ServesAgents(settings))
            MapAgents(app);
        return app;
    }

    /// <summary>Sets the headers just before the response starts.</summary>
    private static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(response =>
        {
            AnswerHeaders.Guard((HttpResponse)response);
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }

    /// <summary>Every GET endpoint also answers HEAD; the server then sends no body.</summary>
    private static void MapApi(WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("");
        api.MapArchiveApi();
        BrowserRoutes.Map(api);
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().Any(m => m.HttpMethods is [var method] && HttpMethods.IsGet(method)))
                endpoint.Metadata.Add(Reading);
        });
    }

    /// <summary>A wrong value is reported where the options are read.</summary>
    private static bool ServesAgents(IConfiguration settings) =>
        !bool.TryParse(settings[$"{ServeOptions.Section}:{nameof(ServeOptions.Mcp)}"], out bool serves) || serves;

    private static void AddAgents(IServiceCollection services, IConfiguration settings)
    {
        var queries = new QueryProcess(settings[$"{ArchiveOptions.Section}:{nameof(ArchiveOptions.Destination)}"], CacheOptions.None);
        services.AddSingleton(new AgentHost(queries.OpenCache, queries.AnswerAsync)).AddAgentServer();
    }

    private static void MapAgents(WebApplication app) => app.MapAgentServer(AgentPath);

    /// <summary>Searches copies of a container's files in the user's folder for caches.</summary>
    private static MessageSearch SearchOf(IStore store) =>
        new(store, StoreOpener.OpenCache(store, folder: null, FileCache.DefaultBytes));

    private static void AddServices(
        IServiceCollection services, IConfiguration settings, TimeProvider time, ApiKeys keys, NightlySchedule schedule)
    {
        services.AddSingleton(time);
        services.AddSingleton(provider => RunLimits.Shared(provider.GetRequiredService<IOptions<ServeOptions>>().Value.Workers));
        services.AddKapso(settings).AddRuns(settings).AddArchiveApi().AddTelemetry(settings).AddVisibleLogs();
        services.AddSettings<ApiOptions>(settings, ApiOptions.Section).AddSettings<ServeOptions>(settings, ServeOptions.Section);
        services.AddSingleton(provider => SearchOf(provider.GetRequiredService<IStore>()));
        services.AddSingleton(keys);
        services.AddSingleton<KnownOutlines>();
        services.AddSingleton<Sessions>().AddSingleton<Visitors>().AddSingleton<Callers>();
        services.AddSingleton(schedule);
        services.AddRoutingCore();
        services.AddHostFiltering(options =>
        {
            options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"];
            options.IncludeFailureMessage = false; // The built-in message is HTML; callers get a problem document.
        });
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>()
            .Configure<Callers, IOptions<ApiOptions>>((limiter, callers, api) => CallLimits.Set(limiter, callers, api.Value));
        if (ServesAgents(settings))
            AddAgents(services, settings);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, QuietLifetime>();
        services.AddHostedService<WorkerService>();
        if (!string.IsNullOrWhiteSpace(settings[$"{ArchiveOptions.Section}:{nameof(ArchiveOptions.Conversations)}"]))
            services.AddHostedService<ScheduleService>();
    }
}

/// <summary>Leaves Ctrl+C to the program itself.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
