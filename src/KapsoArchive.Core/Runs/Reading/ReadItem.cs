using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Output of the conversation readers for the single writer. The items of one conversation arrive in order.</summary>
internal abstract record ReadItem;

/// <summary>Rows to write.</summary>
internal sealed record RowBatch(IReadOnlyList<MessageRow> Rows) : ReadItem;

/// <summary>Messages that are archived already and whose files are not: the links that they have now. They are not written.</summary>
internal sealed record LinksSeen(IReadOnlyList<MessageRow> Rows) : ReadItem;

/// <summary>Rejected records of a conversation that has too many to keep until it is finished.</summary>
internal sealed record RejectedBatch(IReadOnlyList<RejectedRecord> Records) : ReadItem;

/// <summary>A conversation is finished: its rows came before.</summary>
/// <param name="Place">See <see cref="PlannedConversation.Place"/>.</param>
/// <param name="Rejected">Its rejected records that are still to be written.</param>
internal sealed record ConversationDone(JournalVisit Visit, int Place, IReadOnlyList<RejectedRecord> Rejected) : ReadItem
{
    /// <summary>See <see cref="Checkpoint.LeftOut"/>; null if there is nothing to report.</summary>
    public long? LeftOut { get; init; }

    /// <summary>Whether the source listed a message; null if it was not asked.</summary>
    public Func<UInt128, bool>? Saw { get; init; }
}

/// <summary>A conversation was only partly read: the rows that it emitted came before.</summary>
internal sealed record ConversationPaused(PausedConversation Conversation) : ReadItem
{
    /// <inheritdoc cref="ConversationDone.LeftOut"/>
    public long? LeftOut { get; init; }
}
