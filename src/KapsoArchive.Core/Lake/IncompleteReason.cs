namespace KapsoArchive.Core.Lake;

/// <summary>The phrases that tell why a conversation is not complete. They are part of the format of manifests and of the conversations
/// dataset, which have no other sign of the cause: whoever writes a reason uses them, and only this type reads them.</summary>
internal static class IncompleteReason
{
    public const string NotFound = "not found";

    /// <summary>Of an export from the archive.</summary>
    public const string NotArchived = "the archive does not have it";

    public const string NothingListed = "the source lists nothing, and the archive has messages of it";

    /// <summary>The option in the command that a reason of many removals ends with.</summary>
    public const string AcceptRemovals = "--accept-removals";

    public const string PagesFailed = "requests for its pages failed";

    public const string CannotGive = "the source cannot give";

    private const string Source = "the source";

    private const string PagesOfSource = "pages of the source";

    private const string Forbidden = "Kapso answered 403";

    private const string Refused = "Kapso answered 4";

    public static IncompleteCause CauseOf(ManifestIncomplete conversation)
    {
        string reason = conversation.Reason ?? "";
        return reason == NotFound ? IncompleteCause.UnknownId
            : reason == NotArchived ? IncompleteCause.NotArchived
            : Is(ConversationOutcome.Gone) ? IncompleteCause.Gone
            : Is(ConversationOutcome.Failed) ?
                Begins(Forbidden) ? IncompleteCause.Forbidden : Begins(Refused) ? IncompleteCause.Refused : IncompleteCause.Unreachable
            : Has(AcceptRemovals) ? IncompleteCause.ManyMissing
            : Has(NothingListed) ? IncompleteCause.NothingListed
            : Has(CannotGive) || Has(PagesFailed) ? IncompleteCause.UnreadablePages
            : Begins(Source) || Begins(PagesOfSource) ? IncompleteCause.WrongAnswers
            : IncompleteCause.Unsettled;

        bool Is(ConversationOutcome outcome) => conversation.Outcome == Datasets.Name(outcome);
        bool Begins(string phrase) => reason.StartsWith(phrase, StringComparison.Ordinal);
        bool Has(string phrase) => reason.Contains(phrase, StringComparison.Ordinal);
    }
}

/// <summary>Why a conversation is not complete.</summary>
internal enum IncompleteCause
{
    Unsettled,
    UnknownId,
    NotArchived,
    Gone,
    Forbidden,
    Refused,
    Unreachable,
    ManyMissing,
    NothingListed,
    UnreadablePages,
    WrongAnswers,
}
