using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;

namespace KapsoArchive.Telemetry;

/// <summary>Adds the exporters to Azure Monitor.</summary>
internal static class AzureMonitorExport
{
    public static void AddAzureMonitor(this TracerProviderBuilder traces, AzureMonitorSettings settings) =>
        traces.AddAzureMonitorTraceExporter(settings.ApplyTo);

    public static void AddAzureMonitor(this MeterProviderBuilder metrics, AzureMonitorSettings settings) =>
        metrics.AddAzureMonitorMetricExporter(settings.ApplyTo);

    public static void AddAzureMonitor(this LoggerProviderBuilder logs, AzureMonitorSettings settings) =>
        logs.AddAzureMonitorLogExporter(settings.ApplyTo);

    private static void ApplyTo(this AzureMonitorSettings settings, AzureMonitorExporterOptions options)
    {
        options.ConnectionString = settings.ConnectionString;
        options.EnableLiveMetrics = false; // Live metrics poll the service every second.
        options.SamplingRatio = 1;
        options.TracesPerSecond = null; // Sampling by rate would cut a nightly run, which is one trace.
        options.EnablePerformanceCounters = false;
        if (settings.UsesIdentity)
        {
            options.Credential = new ManagedIdentityCredential(
                settings.ClientId is { } clientId ? ManagedIdentityId.FromUserAssignedClientId(clientId)
                    : ManagedIdentityId.SystemAssigned);
        }
    }
}
