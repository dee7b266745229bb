namespace KapsoArchive.Telemetry;

/// <summary>Log messages of telemetry itself.</summary>
internal static partial class TelemetryLogs
{
    [LoggerMessage(500, LogLevel.Warning, "The newest snapshot could not be read: its age is not measured until the next run.")]
    public static partial void SnapshotUnknown(ILogger logger, Exception exception);
}
