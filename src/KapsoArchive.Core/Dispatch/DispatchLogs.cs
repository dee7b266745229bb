using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Dispatch;

/// <summary>Log messages of queued work: ids and outcomes, never what was read.</summary>
internal static partial class DispatchLogs
{
    [LoggerMessage(106, LogLevel.Error, "A message in the queue cannot be read, and was dropped.")]
    public static partial void Unreadable(ILogger logger);

    [LoggerMessage(107, LogLevel.Warning, "A message of the poison queue was dropped. Run {RunId}: see its status.")]
    public static partial void Dropped(ILogger logger, string runId);

    [LoggerMessage(108, LogLevel.Warning, "The nightly run is late: it was due while this program was not running.")]
    public static partial void Late(ILogger logger);

    [LoggerMessage(111, LogLevel.Warning, "Run {RunId}: attempt {Attempt} failed; the next is in {Pause}.")]
    public static partial void AttemptFailed(ILogger logger, Exception exception, string runId, int attempt, TimeSpan pause);

    [LoggerMessage(112, LogLevel.Error, "The journals cannot be read, so no work starts. The program retries until the store answers.")]
    public static partial void NotLooked(ILogger logger, Exception exception);

    [LoggerMessage(113, LogLevel.Information, "The journals can be read again.")]
    public static partial void LooksAgain(ILogger logger);

    [LoggerMessage(114, LogLevel.Error, "The waiting nightly run was dropped, because it would fail again.")]
    public static partial void NightDropped(ILogger logger, Exception exception);

    [LoggerMessage(115, LogLevel.Error, "The nightly run did not start.")]
    public static partial void NightRefused(ILogger logger, Exception exception);

    [LoggerMessage(117, LogLevel.Warning,
        "The callback of export {RunId} was not accepted at attempt {Attempt}: {Reason}. The next attempt is in {Pause}.")]
    public static partial void CallbackFailed(ILogger logger, string runId, int attempt, string reason, TimeSpan pause);

    [LoggerMessage(118, LogLevel.Error, "The callback of export {RunId} was given up after {Attempts} attempts: {Reason}.")]
    public static partial void CallbackGivenUp(ILogger logger, string runId, int attempts, string reason);

    [LoggerMessage(119, LogLevel.Error, "{Path} is damaged, so it was deleted. The export's client is not called: it has to ask.")]
    public static partial void CallbackDamaged(ILogger logger, string path);

    [LoggerMessage(120, LogLevel.Error, "The store cannot be used, so callbacks of exports wait.")]
    public static partial void CallbacksWait(ILogger logger, Exception exception);

    [LoggerMessage(122, LogLevel.Warning, "{Warning}")]
    public static partial void VerificationWarned(ILogger logger, string warning);

    [LoggerMessage(123, LogLevel.Information, "A part of the archive was verified: {Files} files are as they were written.")]
    public static partial void Verified(ILogger logger, int files);

    public static void Nightly(ILogger logger, NightlyStart start)
    {
        if (start is { Outcome: NightlyOutcome.Begun, RunId: { } runId })
            Begun(logger, runId);
        else
            NotBegun(logger, start.Reason);
    }

    [LoggerMessage(105, LogLevel.Information, "The nightly run {RunId} is accepted.")]
    private static partial void Begun(ILogger logger, string runId);

    [LoggerMessage(116, LogLevel.Information, "No nightly run starts now. {Reason}")]
    private static partial void NotBegun(ILogger logger, string? reason);
}
