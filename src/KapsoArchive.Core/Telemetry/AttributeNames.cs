namespace KapsoArchive.Core.Telemetry;

/// <summary>The names of attributes on spans and measurements.</summary>
internal static class AttributeNames
{
    public const string RunId = "kapso_archive.run.id";
    public const string RunKind = "kapso_archive.run.kind";
    public const string RunTrigger = "kapso_archive.run.trigger";
    public const string RunStatus = "kapso_archive.run.status";

    /// <summary>Whether the run continues an earlier attempt.</summary>
    public const string RunResumed = "kapso_archive.run.resumed";

    public const string RunConversations = "kapso_archive.run.conversations";
    public const string RunIncomplete = "kapso_archive.run.incomplete_conversations";
    public const string RunMessages = "kapso_archive.run.messages";
    public const string RunRequests = "kapso_archive.run.requests";
    public const string RunRetries = "kapso_archive.run.retries";
    public const string RunThrottles = "kapso_archive.run.throttles";
    public const string RunBytes = "kapso_archive.run.bytes";

    public const string RunFiles = "kapso_archive.run.files";
    public const string RunWaitingFiles = "kapso_archive.run.waiting_files";

    public const string ConversationId = "kapso_archive.conversation.id";
    public const string ConversationOutcome = "kapso_archive.conversation.outcome";

    /// <summary>Message versions written for the conversation: added, changed and removed.</summary>
    public const string ConversationMessages = "kapso_archive.conversation.messages";

    /// <summary>Requests for the conversation's pages, including wasted ones but not retries.</summary>
    public const string ConversationRequests = "kapso_archive.conversation.requests";

    public const string ConversationSweeps = "kapso_archive.conversation.sweeps";

    /// <summary><c>head</c> or <c>full</c>.</summary>
    public const string SweepKind = "kapso_archive.sweep.kind";

    public const string SweepPages = "kapso_archive.sweep.pages";
    public const string SweepMessages = "kapso_archive.sweep.messages";

    /// <summary><c>proof</c>, <c>open</c> if another sweep must confirm it, or <c>broken</c> if reading on is pointless.</summary>
    public const string SweepVerdict = "kapso_archive.sweep.verdict";

    public const string PartPath = "kapso_archive.part.path";
    public const string PartDataset = "kapso_archive.part.dataset";
    public const string PartFormat = "kapso_archive.part.format";
    public const string PartRows = "kapso_archive.part.rows";
    public const string PartBytes = "kapso_archive.part.bytes";

    /// <summary><c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
    public const string MessageChange = "kapso_archive.message.change";

    /// <summary><c>stored</c>, <c>waiting</c>, <c>gone</c>, <c>too_large</c>, <c>refused</c> or <c>failed</c>.</summary>
    public const string FileOutcome = "kapso_archive.file.outcome";

    /// <summary>From OpenTelemetry's conventions: the exception type, or another name from a small set.</summary>
    public const string ErrorType = "error.type";
}
