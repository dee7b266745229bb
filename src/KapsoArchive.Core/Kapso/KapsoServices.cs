using System.Net;
using KapsoArchive.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Kapso;

/// <summary>Registers the source.</summary>
public static class KapsoServices
{
    internal const string KeyHeader = "X-API-Key";

    /// <summary>Adds <see cref="KapsoClient"/> with its options from section <c>Kapso</c>, its resilience and its <see
    /// cref="RateBudget"/>.</summary>
    /// <param name="project">Key of the services; null for the only project. Each project has its own key, and so its own budget.</param>
    public static IServiceCollection AddKapso(this IServiceCollection services, IConfiguration configuration, string? project = null)
    {
        UnquotedAnswers.KeepOutOfSpans();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KapsoOptions>, KapsoOptionsValidator>());
        services.AddSettings<KapsoOptions>(configuration, KapsoOptions.Section, project);
        KapsoOptions OptionsOf(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<KapsoOptions>>().Get(project ?? Options.DefaultName);

        services.AddKeyedSingleton(
            project, (provider, _) => new RateBudget(OptionsOf(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(project, (provider, _) => new PageBudget(OptionsOf(provider)));

        string name = project is null ? nameof(KapsoClient) : $"{nameof(KapsoClient)}:{project}";
        services.AddKeyedTransient(
            project, (provider, _) => new KapsoClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(name)));
        IHttpClientBuilder client = services.AddHttpClient(name, (provider, http) => Configure(OptionsOf(provider), http));
        client.RemoveAllLoggers(); // They would log addresses and, at trace level, headers.
        client.ConfigurePrimaryHttpMessageHandler(provider => PrimaryHandler(OptionsOf(provider)));
        client.AddResilienceHandler("kapso-retries", (pipeline, context) => KapsoResilience.ConfigureRetries(
            pipeline, OptionsOf(context.ServiceProvider), context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler(static () => new SameHostRedirectHandler()); // Following a redirect costs another request.
        client.AddHttpMessageHandler(provider => new RateBudgetHandler(provider.GetRequiredKeyedService<RateBudget>(project)));
        client.AddResilienceHandler("kapso-attempt", (pipeline, context) => KapsoResilience.ConfigureAttempt(
            pipeline, OptionsOf(context.ServiceProvider), context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler(
            provider => new AnswerReadingHandler(OptionsOf(provider), provider.GetRequiredKeyedService<PageBudget>(project)));
        client.AddHttpMessageHandler(static () => new CountingHandler());
        return services;
    }

    private static void Configure(KapsoOptions options, HttpClient client)
    {
        client.BaseAddress = new Uri(options.BaseUrl);
        client.Timeout = Timeout.InfiniteTimeSpan; // The resilience handler limits each attempt.
        client.DefaultRequestHeaders.Add(KeyHeader, options.ApiKey);
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"KapsoArchive/{typeof(KapsoServices).Assembly.GetName().Version?.ToString(3)}");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    private static SocketsHttpHandler PrimaryHandler(KapsoOptions options) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = options.MaxConcurrency,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        UseCookies = false,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // Do not send our trace headers to the source.
    };
}
