using Microsoft.Extensions.Logging;

namespace KapsoArchive.Core.Runs;

/// <summary>Log messages of runs: ids, outcomes and counts, never what was read.</summary>
internal static partial class RunLogs
{
    /// <summary>A run has succeeded; logs what needs attention.</summary>
    /// <param name="remark">What else does; null if nothing does.</param>
    public static void Ended(ILogger logger, Manifest manifest, string? remark)
    {
        Ended(logger, manifest.RunId, manifest.Status, manifest.Totals.Requests);
        if (NotComplete(manifest) is { } what)
            Partial(logger, manifest.RunId, what, manifest.RunId);
        foreach (string warning in manifest.Warnings ?? [])
            Warned(logger, manifest.RunId, warning);
        if (remark is not null)
            Warned(logger, manifest.RunId, remark);
    }

    /// <summary>What a partial run lacks, by id: the reasons may contain words of the source. Null for a run that is complete, even if a
    /// conversation is gone.</summary>
    private static string? NotComplete(Manifest manifest)
    {
        const int Named = 5;
        string gone = Datasets.Name(ConversationOutcome.Gone);
        string[] ids = [.. manifest.Incomplete.Where(c => c.Outcome != gone).Select(c => c.ConversationId)];
        string conversations = $"{Quantity.Of(ids.Length, "conversation")} ({string.Join(", ", ids.Take(Named))}"
            + $"{(ids.Length > Named ? ", …" : "")})";
        return (ids.Length, manifest.Discovery) switch
        {
            (0, { Complete: false }) => "the list of conversations",
            (0, _) => null,
            (_, { Complete: false }) => $"{conversations} and the list of conversations",
            _ => conversations,
        };
    }

    [LoggerMessage(121, LogLevel.Warning, "Run {RunId} is not complete: {What}. See `kapso-archive status --run {Run}`.")]
    private static partial void Partial(ILogger logger, string runId, string what, string run);

    [LoggerMessage(100, LogLevel.Information, "Run {RunId} ended: {Status}, {Requests} requests.")]
    private static partial void Ended(ILogger logger, string runId, string status, long requests);

    [LoggerMessage(110, LogLevel.Warning, "Run {RunId}: {Warning}")]
    private static partial void Warned(ILogger logger, string runId, string warning);

    [LoggerMessage(101, LogLevel.Information, "Run {RunId} was interrupted and continues later.")]
    public static partial void Interrupted(ILogger logger, string? runId);

    [LoggerMessage(102, LogLevel.Information, "Run {RunId} was cancelled on request.")]
    public static partial void Canceled(ILogger logger, string? runId);

    [LoggerMessage(103, LogLevel.Error, "Run {RunId} was given up.")]
    public static partial void Abandoned(ILogger logger, string? runId, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "Run {RunId} failed. It is not retried, because it would fail again.")]
    public static partial void Refused(ILogger logger, string? runId, Exception exception);

    [LoggerMessage(109, LogLevel.Information, "Run {RunId} starts: {Kind}, started by {Trigger}.")]
    public static partial void Begun(ILogger logger, string runId, RunKind kind, string trigger);
}
