using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>Advises what to do about an incomplete conversation.</summary>
public static class IncompleteAdvice
{
    public static string For(ManifestIncomplete conversation) => IncompleteReason.CauseOf(conversation) switch
    {
        IncompleteCause.UnknownId => "Check the id: this key's project has no such conversation.",
        IncompleteCause.Gone => "Nothing, if it was deleted on purpose. What is archived stays.",
        IncompleteCause.Forbidden => "Ask who manages the key in Kapso whether it may read this conversation.",
        IncompleteCause.Refused => "Ask Kapso: it refuses this conversation, and asking again brings the same.",
        IncompleteCause.Unreachable => "Run again for it when Kapso answers.",
        IncompleteCause.ManyMissing =>
            "If they were deleted, type the command above. If not, ask Kapso. Nothing was marked as removed.",
        IncompleteCause.NothingListed => "Look into Kapso: is the conversation empty there? Nothing was marked as removed.",
        IncompleteCause.UnreadablePages =>
            "Ask Kapso why these pages fail. All that could be read is archived, and each night tries the rest once.",
        IncompleteCause.WrongAnswers => "Ask Kapso: its answers cannot be right. What could be read is archived.",
        _ => "Run again for it at a quieter time. What could be read is archived.",
    };
}
