using System.Buffers.Text;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>Rows in their column form: JSON that every reader accepts, and in <c>extra</c> the original bytes of a repaired
/// record.</summary>
internal static class StrictRows
{
    private static readonly byte[] Marker = Encoding.UTF8.GetBytes($"\"{ReservedNames.Record}\":\"");

    public static IReadOnlyList<MessageRow> Of(IReadOnlyList<MessageRow> rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].NeedsRepair)
                return [.. rows.Select(row => row.NeedsRepair ? Of(row) : row)];
        }

        return rows;
    }

    /// <summary>Restores the JSON of the original record in a row that contains it.</summary>
    public static void Restore(MessageRow row)
    {
        if (Original(row.Extra.Span) is not { } record
            || new RecordFlattener(row.ConversationId, row.Run).Flatten(record, out _) is not { NeedsRepair: true } sent
            || sent.Id != row.Id)
            return;
        (row.Record, row.NeedsRepair) = (sent.Record, true);
        (row.Metadata, row.MessageTypeData, row.Extra) = (sent.Metadata, sent.MessageTypeData, sent.Extra);
    }

    private static MessageRow Of(MessageRow row)
    {
        byte[] record = RecordRepair.Repair(row.Record.Span)
            ?? throw new InvalidOperationException("A record that needs no repair cannot be repaired.");
        MessageRow repaired = new RecordFlattener(row.ConversationId, row.Run).Flatten(record, out string? rejection)
            ?? throw new InvalidOperationException($"A repaired record is not a message: {rejection}.");
        return row.WithJson(repaired.Metadata, repaired.MessageTypeData, WithRecord(repaired.Extra.Span, row.Record.Span));
    }

    private static Utf8Text WithRecord(ReadOnlySpan<byte> extra, ReadOnlySpan<byte> record)
    {
        byte[] base64 = new byte[Base64.GetMaxEncodedToUtf8Length(record.Length)];
        Base64.EncodeToUtf8(record, base64, out _, out _);
        return Utf8Text.From([.. extra.IsEmpty ? "{"u8 : extra[..^1], .. extra.IsEmpty ? ""u8 : ","u8, .. Marker, .. base64, .. "\"}"u8]);
    }

    /// <summary>The bytes added last by <see cref="WithRecord"/>. A record's own member of that name was renamed, or belongs to an older
    /// file.</summary>
    private static byte[]? Original(ReadOnlySpan<byte> extra)
    {
        int at = extra.LastIndexOf(Marker);
        if (at < 0 || !extra.EndsWith("\"}"u8))
            return null;
        ReadOnlySpan<byte> base64 = extra[(at + Marker.Length)..^2];
        byte[] record = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, record, out _, out int length) == System.Buffers.OperationStatus.Done
            ? record[..length]
            : null;
    }
}
