using Microsoft.Extensions.Logging.Console;

namespace KapsoArchive.Cli;

/// <summary>The logs of a command that is a server: a line each on stderr, because stdout is for its answers.</summary>
internal static class ErrorLogs
{
    public static ILoggingBuilder AddErrorLogs(this ILoggingBuilder logging)
    {
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
    }
}
