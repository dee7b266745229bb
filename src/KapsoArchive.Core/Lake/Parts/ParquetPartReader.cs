using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads all columns of a row group of messages.</summary>
internal static class ParquetPartReader
{
    private static readonly (string Column, Action<MessageRow, Utf8Text> Set)[] Texts =
    [
        ("id", static (r, v) => r.Id = v),
        ("direction", static (r, v) => r.Direction = v),
        ("status", static (r, v) => r.Status = v),
        ("processing_status", static (r, v) => r.ProcessingStatus = v),
        ("message_type", static (r, v) => r.MessageType = v),
        ("phone_number", static (r, v) => r.PhoneNumber = v),
        ("whatsapp_message_id", static (r, v) => r.WhatsappMessageId = v),
        ("content", static (r, v) => r.Content = v),
        ("media_url", static (r, v) => r.MediaUrl = v),
        ("metadata", static (r, v) => r.Metadata = v),
        ("message_type_data", static (r, v) => r.MessageTypeData = v),
        ("extra", static (r, v) => r.Extra = v),
        ("change", static (r, v) => r.Change = Datasets.ToChange(v.Span)),
    ];

    /// <summary>The rows as stored in the columns. Repaired JSON stays repaired.</summary>
    public static async Task<IReadOnlyList<MessageRow>> ReadGroupAsync(
        ParquetFileReader<MessageRow> file, int group, CancellationToken cancellationToken)
    {
        RunStamp[] runs = await file.ReadRunsAsync(group, cancellationToken);
        var rows = new MessageRow[runs.Length];
        await file.ReadTextAsync(group, "conversation_id",
            (i, v) => rows[i] = new MessageRow { Record = default, ConversationId = v, Run = runs[i] }, cancellationToken);
        foreach ((string column, Action<MessageRow, Utf8Text> set) in Texts)
            await file.ReadTextAsync(group, column, (i, v) => set(rows[i], v), cancellationToken);
        await file.ReadLongsAsync(group, "created_at", (i, v) => rows[i].CreatedAt = v, cancellationToken);
        await file.ReadLongsAsync(group, "updated_at", (i, v) => rows[i].UpdatedAt = v, cancellationToken);
        if (file.Has("position"))
            await file.ReadLongsAsync(group, "position", (i, v) => rows[i].Position = v, cancellationToken);
        return rows;
    }
}
