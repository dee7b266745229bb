namespace KapsoArchive.Mcp;

/// <summary>The log messages. They contain no argument, no answer and no text of an exception, which could quote either.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(700, LogLevel.Error, "The tool {Tool} failed unexpectedly: {Exception}.")]
    public static partial void Failed(ILogger logger, string tool, string exception);
}
