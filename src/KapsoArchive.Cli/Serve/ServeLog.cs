namespace KapsoArchive.Cli.Serve;

/// <summary>The server's log messages. They never contain keys, queries or archived data.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(400, LogLevel.Information, "The next nightly run is due at {Due:yyyy-MM-dd HH:mm:ss} UTC.")]
    public static partial void NextRun(ILogger logger, DateTimeOffset due);

    [LoggerMessage(401, LogLevel.Error, "The nightly run could not be started; the next attempt is in a minute.")]
    public static partial void NotBegun(ILogger logger, Exception exception);
}
