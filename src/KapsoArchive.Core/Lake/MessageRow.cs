namespace KapsoArchive.Core.Lake;

/// <summary>A record flattened to the message schema. The text values are slices of <see cref="Record"/> wherever they can be.</summary>
public sealed class MessageRow
{
    /// <summary>The record as the source sent it, byte for byte. None in a row that says the message was removed, and in one read back
    /// from Parquet unless its text was repaired there.</summary>
    public required Utf8Text Record { get; set; }

    public required Utf8Text ConversationId { get; set; }

    public required RunStamp Run { get; set; }

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

    /// <summary>A JSON object of every member that has no column, and of every member whose value its column does not give back as it
    /// was.</summary>
    public Utf8Text Extra { get; set; }

    /// <summary>Where the message stands among those of its conversation as this run listed them; larger is later. Null if unknown, and
    /// for a removed message.</summary>
    public long? Position { get; set; }

    /// <summary>The <c>MessageKey</c> of <see cref="Id"/>, for who has reckoned it.</summary>
    internal UInt128 Key { get; set; }

    /// <summary>Whether <see cref="Key"/> gives <see cref="Id"/> back.</summary>
    internal bool KeyIsUuid { get; set; }

    /// <summary>The fingerprint of the row, once it has been computed.</summary>
    internal ulong Fingerprint { get; set; }

    /// <summary>Whether strict JSON readers refuse <see cref="Record"/>, so that it is written as <c>RecordRepair</c> makes it,
    /// with its own bytes beside it.</summary>
    internal bool NeedsRepair { get; set; }

    /// <summary>How many values of the record their columns do not hold.</summary>
    internal int Unfit { get; set; }

    /// <summary>What the row takes uncompressed in a file, about.</summary>
    internal int Length => Record.HasValue ? Record.Span.Length : ConversationId.Span.Length + Id.Span.Length;

    /// <summary>Becomes the same row as another, with its bytes in <paramref name="arenas"/>, so that what the other's are slices of can
    /// go.</summary>
    internal void Take(MessageRow other, RowArenas arenas)
    {
        (ConversationId, Run, Change, CreatedAt, UpdatedAt) = (other.ConversationId, other.Run, other.Change, other.CreatedAt, other.UpdatedAt);
        Position = other.Position;
        (Key, KeyIsUuid, Fingerprint) = (other.Key, other.KeyIsUuid, other.Fingerprint);
        NeedsRepair = other.NeedsRepair;
        Record = arenas.CopyRecord(other);
        Id = arenas.Id.Copy(other.Id);
        Direction = arenas.Direction.Copy(other.Direction);
        Status = arenas.Status.Copy(other.Status);
        ProcessingStatus = arenas.ProcessingStatus.Copy(other.ProcessingStatus);
        MessageType = arenas.MessageType.Copy(other.MessageType);
        PhoneNumber = arenas.PhoneNumber.Copy(other.PhoneNumber);
        WhatsappMessageId = arenas.WhatsappMessageId.Copy(other.WhatsappMessageId);
        Content = arenas.Content.Copy(other.Content);
        MediaUrl = arenas.MediaUrl.Copy(other.MediaUrl);
        Metadata = arenas.Metadata.Copy(other.Metadata);
        MessageTypeData = arenas.MessageTypeData.Copy(other.MessageTypeData);
        Extra = arenas.Extra.Copy(other.Extra);
    }

    /// <summary>The same row with its JSON columns in other words.</summary>
    internal MessageRow WithJson(Utf8Text metadata, Utf8Text messageTypeData, Utf8Text extra)
    {
        var row = (MessageRow)MemberwiseClone();
        (row.Metadata, row.MessageTypeData, row.Extra) = (metadata, messageTypeData, extra);
        return row;
    }

    /// <summary>The row that says that the source no longer lists a message. All columns are null but those that say which, when and by
    /// which run.</summary>
    public static MessageRow Removed(Utf8Text conversationId, Utf8Text id, RunStamp run) =>
        new() { Record = default, ConversationId = conversationId, Id = id, Run = run, Change = Change.Removed };
}
