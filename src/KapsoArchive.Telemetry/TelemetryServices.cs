using KapsoArchive.Core.Text;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;

namespace KapsoArchive.Telemetry;

/// <summary>Registers telemetry. If no exporter is configured, it registers nothing and loads no assembly of OpenTelemetry.</summary>
public static class TelemetryServices
{
    /// <summary>Applies <see cref="VisibleText"/> to every log entry. Call it after the host has added its logging.</summary>
    public static IServiceCollection AddVisibleLogs(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddSingleton<LoggerFactory>();
        return services.Replace(
            ServiceDescriptor.Singleton<ILoggerFactory>(provider => new VisibleLogs(provider.GetRequiredService<LoggerFactory>())));
    }

    /// <summary>Adds the exporters that the standard variables of OpenTelemetry (<c>OTEL_…</c>) and Application Insights
    /// (<c>APPLICATIONINSIGHTS_…</c>) ask for.</summary>
    /// <exception cref="SettingException">A variable has an invalid value; the message names the variable.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (TelemetrySettings.Read(configuration) is { } settings)
            TelemetryPipeline.Add(services, configuration, settings);
        return services;
    }

    /// <summary>Adds the same exporters to the function app.</summary>
    /// <param name="worker">Adds the Functions worker's own telemetry.</param>
    /// <exception cref="SettingException">As above.</exception>
    public static IServiceCollection AddTelemetryOfFunctions(
        this IServiceCollection services, IConfiguration configuration, Action<OpenTelemetryBuilder> worker)
    {
        if (TelemetrySettings.Read(configuration) is { } settings)
            worker(TelemetryPipeline.Build(services, configuration, settings));
        return services;
    }
}
