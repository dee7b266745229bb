using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Storage.Queues;

/// <summary>Log messages of the queue. They contain run ids and exceptions.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(1, LogLevel.Warning, "Run {RunId}: attempt {Attempt} failed; the next is in {Pause}.")]
    public static partial void AttemptFailed(ILogger logger, Exception exception, string? runId, int attempt, TimeSpan pause);

    [LoggerMessage(2, LogLevel.Error, "Run {RunId}: attempt {Attempt} failed, and no other is made.")]
    public static partial void GivenUp(ILogger logger, Exception exception, string? runId, int attempt);

    [LoggerMessage(3, LogLevel.Error, "Run {RunId}: that it failed could not be written down; it is tried again in {Pause}.")]
    public static partial void FailureNotRecorded(ILogger logger, Exception exception, string? runId, TimeSpan pause);

    [LoggerMessage(4, LogLevel.Warning, "A message in the queue is not one of an archive run: it was dropped.")]
    public static partial void Unreadable(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "Run {RunId}: its message could not be kept and goes to somebody else.")]
    public static partial void Lost(ILogger logger, Exception? exception, string? runId);

    [LoggerMessage(6, LogLevel.Information, "Run {RunId}: stopped with the program, to be gone on with later.")]
    public static partial void Interrupted(ILogger logger, Exception? exception, string? runId);

    [LoggerMessage(
        7, LogLevel.Warning, "Run {RunId}: the queue could not be told what became of its message, which comes again by itself.")]
    public static partial void NotSettled(ILogger logger, Exception exception, string? runId);

    [LoggerMessage(8, LogLevel.Error, "No message can be taken from the queue. It is tried again until it answers.")]
    public static partial void Unreachable(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Information, "The queue answers again, after {Outage}.")]
    public static partial void Reachable(ILogger logger, TimeSpan outage);
}
