using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>Advises what to do about an incomplete conversation.</summary>
public static class IncompleteAdvice
{
    public static string For(ManifestIncomplete conversation) => conversation switch
    {
        { Reason: "not found" } => "Check the id: this key's project has no such conversation.",
        { Outcome: "gone" } => "Nothing, if it was deleted on purpose. What is archived stays.",
        { Outcome: "failed", Reason: { } reason } when reason.StartsWith("Kapso answered 403", StringComparison.Ordinal) =>
            "Ask who manages the key in Kapso whether it may read this conversation.",
        { Outcome: "failed", Reason: { } reason } when reason.StartsWith("Kapso answered 4", StringComparison.Ordinal) =>
            "Ask Kapso: it refuses this conversation, and asking again brings the same.",
        { Outcome: "failed" } => "Run again for it when Kapso answers.",
        { Reason: { } reason } when reason.Contains("--accept-removals", StringComparison.Ordinal) =>
            "If they were deleted, type the command above. If not, ask Kapso. Nothing was marked as removed.",
        { Reason: { } reason } when reason.Contains("the source lists nothing", StringComparison.Ordinal) =>
            "Look into Kapso: is the conversation empty there? Nothing was marked as removed.",
        { Reason: { } reason } when reason.Contains("the source cannot give", StringComparison.Ordinal)
            || reason.Contains("requests for its pages failed", StringComparison.Ordinal) =>
            "Ask Kapso why these pages fail. All that could be read is archived, and each night tries the rest once.",
        { Reason: { } reason } when reason.StartsWith("the source", StringComparison.Ordinal)
            || reason.StartsWith("pages of the source", StringComparison.Ordinal) =>
            "Ask Kapso: its answers cannot be right. What could be read is archived.",
        _ => "Run again for it at a quieter time. What could be read is archived.",
    };
}
