namespace KapsoArchive.Core.Lake;

/// <summary>A record flattened to the message schema. The text values are slices of <see cref="Record"/> wherever they can be.</summary>
public sealed class MessageRow
{
    /// <summary>The record as the source sent it, byte for byte. Empty where there is none: in a row that says the message was removed, and in one read back from Parquet.</summary>
    public required byte[] Record { get; init; }

    public required Utf8Text ConversationId { get; init; }

    public required RunStamp Run { get; init; }

    public Change Change { get; set; }

    public Utf8Text Id { get; set; }

    /// <summary>Microseconds since 1970-01-01 UTC; null where the record has none that can be read.</summary>
    public long? CreatedAt { get; set; }

    /// <inheritdoc cref="CreatedAt"/>
    public long? UpdatedAt { get; set; }

    public Utf8Text Direction { get; set; }

    public Utf8Text Status { get; set; }

    public Utf8Text ProcessingStatus { get; set; }

    public Utf8Text MessageType { get; set; }

    public Utf8Text PhoneNumber { get; set; }

    public Utf8Text WhatsappMessageId { get; set; }

    public Utf8Text Content { get; set; }

    public Utf8Text MediaUrl { get; set; }

    /// <summary>JSON text as sent.</summary>
    public Utf8Text Metadata { get; set; }

    /// <inheritdoc cref="Metadata"/>
    public Utf8Text MessageTypeData { get; set; }

    /// <summary>A JSON object of every member that has no column, and of every member whose value its column does not give back as it was.</summary>
    public Utf8Text Extra { get; set; }

    /// <summary>The <see cref="MessageKey"/> of <see cref="Id"/>, for who has reckoned it.</summary>
    internal UInt128 Key { get; set; }

    /// <summary>The row's <see cref="Lake.Fingerprint"/>, for who has reckoned it.</summary>
    internal ulong Fingerprint { get; set; }

    /// <summary>What the row takes uncompressed in a file, about.</summary>
    internal int Length => Record.Length > 0 ? Record.Length : ConversationId.Span.Length + Id.Span.Length;

    /// <summary>The row that says that the source no longer lists a message. All columns are null but those that say which, when and by which run.</summary>
    public static MessageRow Removed(Utf8Text conversationId, Utf8Text id, RunStamp run) =>
        new() { Record = [], ConversationId = conversationId, Id = id, Run = run, Change = Change.Removed };
}
