using System.Diagnostics;
using System.Runtime.CompilerServices;
using KapsoArchive.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace KapsoArchive.Telemetry;

/// <summary>Configures OpenTelemetry: sources, meters and exporters.</summary>
internal static class TelemetryPipeline
{
    private const string ServiceName = "kapso-archive";

    /// <summary>The runtime's source and meter of HTTP requests. They follow OpenTelemetry's conventions and redact the query of each
    /// URL.</summary>
    private const string Http = "System.Net.Http";

    /// <summary>Does not reference OpenTelemetry and is not inlined, so that its assemblies load only if this is called.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IServiceCollection services, IConfiguration configuration, TelemetrySettings settings) =>
        Build(services, configuration, settings);

    public static OpenTelemetryBuilder Build(IServiceCollection services, IConfiguration configuration, TelemetrySettings settings)
    {
        services.TryAddSingleton(configuration); // The exporters read the other standard variables from it.
        services.AddSingleton<TelemetryExport>();
        services.AddHostedService<SnapshotLook>();
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(Describe);
        if (settings.HasTraces)
            telemetry.WithTracing(traces => Trace(traces, configuration, settings));
        if (settings.HasMetrics)
            telemetry.WithMetrics(metrics => Measure(metrics, settings));
        if (settings.HasLogs)
        {
            telemetry.WithLogging(logs => Log(logs, settings), options => options.IncludeFormattedMessage = true);
            services.AddLogging(logging => logging
                .AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.Warning)
                .AddFilter<OpenTelemetryLoggerProvider>(ArchiveTelemetry.Name, LogLevel.Information));
        }

        return telemetry;
    }

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.</summary>
    private static void Describe(ResourceBuilder resource) =>
        resource.Clear().AddService(ServiceName, serviceVersion: ArchiveTelemetry.Version).AddTelemetrySdk()
            .AddEnvironmentVariableDetector();

    private static void Trace(TracerProviderBuilder traces, IConfiguration configuration, TelemetrySettings settings)
    {
        traces.AddSource(ArchiveTelemetry.Name, Http);
        if (settings.AzureMonitor is { } azure)
            traces.AddAzureMonitor(azure);
        if (settings.Traces is { } otlp)
            traces.AddOtlpExporter(otlp.ApplyTo);
        if (string.IsNullOrWhiteSpace(configuration["OTEL_TRACES_SAMPLER"]))
            traces.SetSampler(new ParentBasedSampler(new WorkSampler()));
    }

    private static void Measure(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(ArchiveTelemetry.Name, Http);
        if (settings.AzureMonitor is { } azure)
            metrics.AddAzureMonitor(azure);
        if (settings.Metrics is { } otlp)
            metrics.AddOtlpExporter(otlp.ApplyTo);
    }

    private static void Log(LoggerProviderBuilder logs, TelemetrySettings settings)
    {
        if (settings.AzureMonitor is { } azure)
            logs.AddAzureMonitor(azure);
        if (settings.Logs is { } otlp)
            logs.AddOtlpExporter(otlp.ApplyTo);
    }
}

/// <summary>Samples every trace except single requests without a parent, such as polling an empty queue or renewing a lock.</summary>
internal sealed class WorkSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
}
