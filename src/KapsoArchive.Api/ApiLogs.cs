namespace KapsoArchive.Api;

/// <summary>Log messages of requests that an operator must act on. They contain nothing that a client sent.</summary>
internal static partial class ApiLogs
{
    [LoggerMessage(300, LogLevel.Error, "A request failed: the store or the queue cannot be used.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(301, LogLevel.Error, "A request failed: a setting is wrong.")]
    public static partial void Misconfigured(ILogger logger, Exception exception);

    [LoggerMessage(302, LogLevel.Error, "A request failed unexpectedly.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(303, LogLevel.Warning, "Not ready: {Check} failed.")]
    public static partial void NotReady(ILogger logger, string check, Exception exception);

    [LoggerMessage(304, LogLevel.Warning, "The status of run {RunId} is incomplete: {Damage}")]
    public static partial void Damaged(ILogger logger, string runId, string damage);

    [LoggerMessage(305, LogLevel.Warning, "An export file was not sent: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);
}
