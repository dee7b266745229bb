using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Kapso;

/// <summary>Registers the source.</summary>
public static class KapsoServices
{
    internal const string KeyHeader = "X-API-Key";

    /// <summary>
    /// Adds <see cref="KapsoClient"/> with its options from section <c>Kapso</c>, its resilience and its <see cref="RateBudget"/>.
    /// </summary>
    public static IServiceCollection AddKapso(this IServiceCollection services, IConfiguration configuration)
    {
        UnquotedAnswers.KeepOutOfSpans();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<KapsoOptions>, KapsoOptionsValidator>();
        services.AddOptions<KapsoOptions>().Bind(configuration.GetSection(KapsoOptions.Section)).ValidateOnStart();

        services.AddSingleton(
            provider => new RateBudget(provider.GetRequiredService<IOptions<KapsoOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddTransient<SameHostRedirectHandler>();
        services.AddTransient<RateBudgetHandler>();
        services.AddSingleton<PageBudget>();
        services.AddTransient<AnswerReadingHandler>();
        services.AddTransient<CountingHandler>();

        IHttpClientBuilder client = services.AddHttpClient<KapsoClient>(Configure);
        client.RemoveAllLoggers(); // They would log addresses and, at trace level, headers.
        client.ConfigurePrimaryHttpMessageHandler(provider => PrimaryHandler(provider.GetRequiredService<IOptions<KapsoOptions>>().Value));
        client.AddResilienceHandler("kapso-retries", static (pipeline, context) => KapsoResilience.ConfigureRetries(
            pipeline,
            context.ServiceProvider.GetRequiredService<IOptions<KapsoOptions>>().Value,
            context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler<SameHostRedirectHandler>(); // Outside the budget: following a redirect costs another request.
        client.AddHttpMessageHandler<RateBudgetHandler>();
        client.AddResilienceHandler("kapso-attempt", static (pipeline, context) => KapsoResilience.ConfigureAttempt(
            pipeline,
            context.ServiceProvider.GetRequiredService<IOptions<KapsoOptions>>().Value,
            context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler<AnswerReadingHandler>();
        client.AddHttpMessageHandler<CountingHandler>();
        return services;
    }

    private static void Configure(IServiceProvider provider, HttpClient client)
    {
        KapsoOptions options = provider.GetRequiredService<IOptions<KapsoOptions>>().Value;
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
