namespace KapsoArchive.Telemetry;

/// <summary>The validated settings of telemetry.</summary>
internal sealed record TelemetrySettings(OtlpSignal? Traces, OtlpSignal? Metrics, OtlpSignal? Logs, AzureMonitorSettings? AzureMonitor)
{
    private const string Disabled = "OTEL_SDK_DISABLED";

    public bool HasTraces => Traces is not null || AzureMonitor is not null;

    public bool HasMetrics => Metrics is not null || AzureMonitor is not null;

    public bool HasLogs => Logs is not null || AzureMonitor is not null;

    /// <summary>Reads the settings; null if no exporter is configured.</summary>
    /// <exception cref="SettingException">A variable has an invalid value; the message names the variable.</exception>
    public static TelemetrySettings? Read(IConfiguration configuration)
    {
        if (bool.TryParse(configuration[Disabled], out bool isDisabled) && isDisabled)
            return null;
        var settings = new TelemetrySettings(
            OtlpSignal.Read(configuration, "TRACES"), OtlpSignal.Read(configuration, "METRICS"), OtlpSignal.Read(configuration, "LOGS"),
                AzureMonitorSettings.Read(configuration));
        return settings.HasTraces || settings.HasMetrics || settings.HasLogs ? settings : null;
    }
}
