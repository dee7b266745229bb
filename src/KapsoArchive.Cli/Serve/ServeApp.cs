using KapsoArchive.Api;
using KapsoArchive.Api.Answers;
using KapsoArchive.Cli.Serve.Browser;
using KapsoArchive.Core;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Cli.Serve;

/// <summary>Puts the server together: the API's handlers and the pages for a browser behind keys and limits, the pump and the schedule.</summary>
internal static class ServeApp
{
    private const int MaxConnections = 5 * ConnectionGate.MostOfAddress;

    /// <summary>More than the API takes: it has the better words for what is too large.</summary>
    private const long MaxBodyLength = 4 * 1024 * 1024;

    /// <summary>These write down what is asked, with its query, below the level of a warning.</summary>
    private static readonly string[] LogsWithQueries = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    /// <summary>For the head of a request, from its first byte.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    private static readonly HttpMethodMetadata Reading = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>For runs to close their parts and write down how far they are.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <param name="settings">All settings.</param>
    /// <param name="urls">What <c>--urls</c> says; null: the environment decides.</param>
    /// <param name="time">The clock.</param>
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
        builder.Logging.AddConfiguration(settings.GetSection("Logging")).SetMinimumLevel(LogLevel.Warning).AddFilter("KapsoArchive", LogLevel.Information).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        foreach (string category in LogsWithQueries)
            builder.Logging.AddFilter(category, LogLevel.Warning); // Whatever the settings say: a query may be a key.
        bool hasStarted = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Warning); // Why the server does not start is told in words, and once.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        AddServices(builder.Services, settings, time, keys, schedule);

        WebApplication app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        app.Use(ConnectionGate.AnswerAsync);
        app.Use(GuardAsync);
        if (proxies.AreNamed)
            app.UseForwardedHeaders(proxies.Headers);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => context.Response.WriteProblemAsync() });
        app.UseStatusCodePages(context => context.HttpContext.Response.WriteProblemAsync());
        if (!keys.AreNeeded)
            app.UseHostFiltering(); // A page in a browser on this machine cannot get at the server by a name of its own.
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<KeyMiddleware>();
        app.UseMiddleware<OriginMiddleware>();
        MapApi(app);
        return app;
    }

    /// <summary>The last word, before the first byte goes out.</summary>
    private static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(response =>
        {
            AnswerHeaders.Guard((HttpResponse)response);
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }

    /// <summary>What can be got can be asked for its head: the server sends no body then.</summary>
    private static void MapApi(WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("");
        api.MapArchiveApi();
        PageRoutes.Map(api);
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().Any(m => m.HttpMethods is [var method] && HttpMethods.IsGet(method)))
                endpoint.Metadata.Add(Reading);
        });
    }

    private static void AddServices(IServiceCollection services, IConfiguration settings, TimeProvider time, ApiKeys keys, NightlySchedule schedule)
    {
        services.AddSingleton(time);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ServeOptions>>().Value.LimitsOfEach());
        services.AddKapso(settings).AddRuns(settings).AddArchiveApi().AddTelemetry(settings).AddVisibleLogs();
        services.AddOptions<ApiOptions>().Bind(settings.GetSection(ApiOptions.Section));
        services.AddOptions<ServeOptions>().Bind(settings.GetSection(ServeOptions.Section));
        services.AddSingleton<IValidateOptions<ApiOptions>, RangeValidator<ApiOptions>>().AddSingleton<IValidateOptions<ServeOptions>, RangeValidator<ServeOptions>>();
        services.AddSingleton(keys);
        services.AddSingleton<Sessions>().AddSingleton<Visitors>().AddSingleton<Callers>();
        services.AddSingleton(schedule);
        services.AddRoutingCore();
        services.AddHostFiltering(options =>
        {
            options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"];
            options.IncludeFailureMessage = false; // It is a page for people; callers get a problem document.
        });
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<Callers, IOptions<ApiOptions>>((limiter, callers, api) => CallLimits.Set(limiter, callers, api.Value));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, QuietLifetime>();
        services.AddHostedService<PumpService>();
        if (!string.IsNullOrWhiteSpace(settings[$"{ArchiveOptions.Section}:{nameof(ArchiveOptions.Conversations)}"]))
            services.AddHostedService<ScheduleService>();
    }
}
