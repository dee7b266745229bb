namespace KapsoArchive.Core.Lake;

/// <summary>A record flattened to the message schema. Text values are slices of <see cref="Record"/> if possible.</summary>
public sealed class MessageRow
{
    /// <summary>The record as the source sent it, byte for byte. Missing in a row for a removed message, and in a row read from Parquet
    /// unless its text was repaired.</summary>
    public required Utf8Text Record { get; set; }

    public required Utf8Text ConversationId { get; set; }

    public required RunStamp Run { get; set; }

    public Change Change { get; set; }

    public Utf8Text Id { get; set; }

    /// <summary>Microseconds since 1970-01-01 UTC; null if the record has no readable time.</summary>
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

    /// <summary>A JSON object with every member that has no column, and every member whose column cannot restore its exact value.</summary>
    public Utf8Text Extra { get; set; }

    /// <summary>The message's rank in its conversation as listed in this run; larger is later. Null if unknown, and for a removed
    /// message.</summary>
    public long? Position { get; set; }

    /// <summary>The <c>MessageKey</c> of <see cref="Id"/>, once computed.</summary>
    internal UInt128 Key { get; set; }

    /// <summary>Whether <see cref="Key"/> restores <see cref="Id"/>.</summary>
    internal bool KeyIsUuid { get; set; }

    /// <summary>The fingerprint of the row, once it has been computed.</summary>
    internal ulong Fingerprint { get; set; }

    /// <summary>Whether strict JSON readers refuse <see cref="Record"/>. It is then written as repaired by <c>RecordRepair</c>, together
    /// with the original bytes.</summary>
    internal bool NeedsRepair { get; set; }

    /// <summary>The number of the record's values that their columns cannot hold.</summary>
    internal int Unfit { get; set; }

    /// <summary>The approximate uncompressed size of the row in a file.</summary>
    internal int Length => Record.HasValue ? Record.Span.Length : ConversationId.Span.Length + Id.Span.Length;

    /// <summary>Copies another row, with its bytes in <paramref name="arenas"/>, so that the other row's memory can be freed.</summary>
    internal void Take(MessageRow other, RowArenas arenas)
    {
        (ConversationId, Run, Change, CreatedAt, UpdatedAt) = (other.ConversationId, other.Run, other.Change, other.CreatedAt,
            other.UpdatedAt);
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

    /// <summary>The same row with different text in its JSON columns.</summary>
    internal MessageRow WithJson(Utf8Text metadata, Utf8Text messageTypeData, Utf8Text extra)
    {
        var row = (MessageRow)MemberwiseClone();
        (row.Metadata, row.MessageTypeData, row.Extra) = (metadata, messageTypeData, extra);
        return row;
    }

    /// <summary>Creates the row for a message that the source no longer lists. Only the columns for message, time and run have
    /// values.</summary>
    public static MessageRow Removed(Utf8Text conversationId, Utf8Text id, RunStamp run) =>
        new() { Record = default, ConversationId = conversationId, Id = id, Run = run, Change = Change.Removed };
}
