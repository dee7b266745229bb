using KapsoArchive.Core.Lake;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Runs.Dispatch;

/// <summary>What is logged of driving runs: ids, outcomes and counts, and never what was read.</summary>
internal static partial class Logs
{
    /// <summary>A run has ended well, with what somebody should look at.</summary>
    public static void Ended(ILogger logger, Manifest manifest)
    {
        Ended(logger, manifest.RunId, manifest.Status, manifest.Totals.Requests);
        foreach (string warning in manifest.Warnings ?? [])
            Warned(logger, manifest.RunId, warning);
    }

    [LoggerMessage(100, LogLevel.Information, "Run {RunId} ended: {Status}, {Requests} requests.")]
    private static partial void Ended(ILogger logger, string runId, string status, long requests);

    [LoggerMessage(110, LogLevel.Warning, "Run {RunId}: {Warning}")]
    private static partial void Warned(ILogger logger, string runId, string warning);

    [LoggerMessage(101, LogLevel.Information, "Run {RunId} was interrupted and goes on later.")]
    public static partial void Interrupted(ILogger logger, string? runId);

    [LoggerMessage(102, LogLevel.Information, "Run {RunId} was cancelled on request.")]
    public static partial void Canceled(ILogger logger, string? runId);

    [LoggerMessage(103, LogLevel.Error, "Run {RunId} was given up.")]
    public static partial void Abandoned(ILogger logger, string? runId, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "Run {RunId} failed: it would fail again.")]
    public static partial void Refused(ILogger logger, string? runId, Exception exception);

    [LoggerMessage(106, LogLevel.Error, "A message in the queue is none of ours, and was dropped.")]
    public static partial void Unreadable(ILogger logger);

    [LoggerMessage(107, LogLevel.Information, "Queued again: {Count} runs and exports that lay unfinished.")]
    public static partial void TakenUp(ILogger logger, int count);

    [LoggerMessage(108, LogLevel.Warning, "The nightly run is late: it was due while this program did not run.")]
    public static partial void Late(ILogger logger);

    [LoggerMessage(109, LogLevel.Information, "Run {RunId} begins: {Kind}, started by {Trigger}.")]
    public static partial void Begun(ILogger logger, string runId, RunKind kind, string trigger);

    public static void Nightly(ILogger logger, NightlyStart start) => Nightly(logger, start.Outcome, start.RunId, start.Reason);

    [LoggerMessage(105, LogLevel.Information, "The nightly run: {Outcome}. {RunId} {Reason}")]
    private static partial void Nightly(ILogger logger, NightlyOutcome outcome, string? runId, string? reason);
}
