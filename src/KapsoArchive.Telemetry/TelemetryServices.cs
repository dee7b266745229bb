using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace KapsoArchive.Telemetry;

/// <summary>Registers what sends telemetry. Where the settings name no place to send it to, nothing is registered and nothing of OpenTelemetry is loaded.</summary>
public static class TelemetryServices
{
    /// <summary>Puts <see cref="VisibleText"/> before every log. Called after the host has added its own.</summary>
    public static IServiceCollection AddVisibleLogs(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddSingleton<LoggerFactory>();
        return services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new VisibleLogs(provider.GetRequiredService<LoggerFactory>())));
    }

    /// <summary>Adds the exporters that the standard variables of OpenTelemetry (<c>OTEL_…</c>) and Application Insights (<c>APPLICATIONINSIGHTS_…</c>) ask for.</summary>
    /// <exception cref="SettingException">A variable has a value that cannot be; the message names it.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (TelemetrySettings.Read(configuration) is { } settings)
            TelemetryPipeline.Add(services, configuration, settings);
        return services;
    }

    /// <summary>The same for the function app.</summary>
    /// <param name="worker">What the Functions worker adds of its own.</param>
    /// <exception cref="SettingException">As above.</exception>
    public static IServiceCollection AddTelemetryOfFunctions(this IServiceCollection services, IConfiguration configuration, Action<OpenTelemetryBuilder> worker)
    {
        if (TelemetrySettings.Read(configuration) is { } settings)
            worker(TelemetryPipeline.Build(services, configuration, settings));
        return services;
    }
}
