using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Log messages of queued work: ids and outcomes, never what was read.</summary>
internal static partial class DispatchLogs
{
    [LoggerMessage(106, LogLevel.Error, "A message in the queue is none of ours, and was dropped.")]
    public static partial void Unreadable(ILogger logger);

    [LoggerMessage(107, LogLevel.Information, "Queued again: {Count} runs and exports that lay unfinished.")]
    public static partial void TakenUp(ILogger logger, int count);

    [LoggerMessage(108, LogLevel.Warning, "The nightly run is late: it was due while this program did not run.")]
    public static partial void Late(ILogger logger);

    public static void Nightly(ILogger logger, NightlyStart start) => Nightly(logger, start.Outcome, start.RunId, start.Reason);

    [LoggerMessage(105, LogLevel.Information, "The nightly run: {Outcome}. {RunId} {Reason}")]
    private static partial void Nightly(ILogger logger, NightlyOutcome outcome, string? runId, string? reason);
}
