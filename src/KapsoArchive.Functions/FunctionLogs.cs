namespace KapsoArchive.Functions;

/// <summary>Log messages of the triggers.</summary>
internal static partial class FunctionLogs
{
    [LoggerMessage(600, LogLevel.Error, "A setting is wrong, so nothing was done.")]
    public static partial void Misconfigured(ILogger logger, Exception exception);

    [LoggerMessage(602, LogLevel.Error, "The store cannot be prepared. This is tried again every minute.")]
    public static partial void NotPrepared(ILogger logger, Exception exception);

    [LoggerMessage(601, LogLevel.Error, "The app runs without telemetry.")]
    public static partial void WithoutTelemetry(ILogger logger, Exception exception);
}
