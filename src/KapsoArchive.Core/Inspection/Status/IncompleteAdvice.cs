namespace KapsoArchive.Core.Inspection.Status;

/// <summary>Advises what to do about an incomplete conversation.</summary>
public static class IncompleteAdvice
{
    public static string For(ManifestIncomplete conversation) => IncompleteReason.CauseOf(conversation) switch
    {
        IncompleteCause.UnknownId => "Check the id: this key's project has no such conversation.",
        IncompleteCause.NotArchived => "Check the id with `kapso-archive conversations`: the archive has no such conversation.",
        IncompleteCause.Gone => "Do nothing if it was deleted on purpose. What is archived stays.",
        IncompleteCause.Forbidden => "Ask the person who manages the key in Kapso whether it may read this conversation.",
        IncompleteCause.Refused => "Ask Kapso: it refuses this conversation, and another attempt gives the same answer.",
        IncompleteCause.Unreachable => "Run again when Kapso answers.",
        IncompleteCause.ManyMissing =>
            "If they were deleted, type the command above. If not, ask Kapso. Nothing was marked as removed.",
        IncompleteCause.NothingListed => "Check in Kapso whether the conversation is empty. Nothing was marked as removed.",
        IncompleteCause.UnreadablePages =>
            "Ask Kapso why these pages fail. What could be read is archived, and each night tries the rest once.",
        IncompleteCause.WrongAnswers => "Ask Kapso: its answers are inconsistent. What could be read is archived.",
        _ => "Run again at a quieter time. What could be read is archived.",
    };
}
