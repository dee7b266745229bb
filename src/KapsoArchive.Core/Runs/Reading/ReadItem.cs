using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>What comes from the readers of conversations to the one writer. All that is said of a conversation comes in its
/// order.</summary>
internal abstract record ReadItem;

/// <summary>Rows to be written.</summary>
internal sealed record RowBatch(IReadOnlyList<MessageRow> Rows) : ReadItem;

/// <summary>Records that are no message, of a conversation that has so many that they cannot wait until it is finished.</summary>
internal sealed record RejectedBatch(IReadOnlyList<RejectedRecord> Records) : ReadItem;

/// <summary>A conversation is finished: its rows came before.</summary>
/// <param name="Rejected">Its records that are no message, where they are to be written and were not yet.</param>
internal sealed record ConversationDone(JournalVisit Visit, IReadOnlyList<RejectedRecord> Rejected) : ReadItem
{
    /// <summary>See <see cref="Checkpoint.LeftOut"/>; null where there is nothing to say.</summary>
    public long? LeftOut { get; init; }
}

/// <summary>A conversation was left half read: what it emitted came before.</summary>
internal sealed record ConversationPaused(PausedConversation Conversation) : ReadItem
{
    /// <inheritdoc cref="ConversationDone.LeftOut"/>
    public long? LeftOut { get; init; }
}
