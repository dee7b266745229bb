using Microsoft.Extensions.Logging.Console;

namespace KapsoArchive.Cli;

/// <summary>The logs of a command that is a server: a line each on stderr, because stdout is for its answers. JSON
/// with the setting <c>Logging:Console:FormatterName=json</c>.</summary>
internal static class ErrorLogs
{
    public static ILoggingBuilder AddErrorLogs(this ILoggingBuilder logging)
    {
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        return logging.AddConsole(); // Not AddSimpleConsole, which would overrule Logging:Console:FormatterName.
    }
}
