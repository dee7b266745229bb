namespace KapsoArchive.Core.Lake.Records;

/// <summary>The members of a record that have their own columns.</summary>
internal enum MessageField
{
    None,
    Id,
    CreatedAt,
    UpdatedAt,
    Direction,
    Status,
    ProcessingStatus,
    MessageType,
    PhoneNumber,
    WhatsappMessageId,
    Content,
    MediaUrl,
    Metadata,
    MessageTypeData,
}

internal static class MessageFields
{
    public const int Count = (int)MessageField.MessageTypeData + 1;

    public static MessageField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => MessageField.Id,
        6 when name.SequenceEqual("status"u8) => MessageField.Status,
        7 when name.SequenceEqual("content"u8) => MessageField.Content,
        8 when name.SequenceEqual("metadata"u8) => MessageField.Metadata,
        9 when name.SequenceEqual("direction"u8) => MessageField.Direction,
        9 when name.SequenceEqual("media_url"u8) => MessageField.MediaUrl,
        10 when name.SequenceEqual("created_at"u8) => MessageField.CreatedAt,
        10 when name.SequenceEqual("updated_at"u8) => MessageField.UpdatedAt,
        12 when name.SequenceEqual("message_type"u8) => MessageField.MessageType,
        12 when name.SequenceEqual("phone_number"u8) => MessageField.PhoneNumber,
        17 when name.SequenceEqual("processing_status"u8) => MessageField.ProcessingStatus,
        17 when name.SequenceEqual("message_type_data"u8) => MessageField.MessageTypeData,
        19 when name.SequenceEqual("whatsapp_message_id"u8) => MessageField.WhatsappMessageId,
        _ => MessageField.None,
    };
}
