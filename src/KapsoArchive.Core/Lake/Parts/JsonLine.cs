using System.Buffers.Text;
using System.Text.Encodings.Web;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>One line of the messages_jsonl dataset: the record as the source sent it, or a repaired text with the original record in
/// Base64. The line for a removed message has the message's id instead of a record.</summary>
internal static class JsonLine
{
    private const int LongestNumber = 20;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    public static void Write(MessageRow row, IBufferWriter<byte> output)
    {
        byte[]? repaired = row.NeedsRepair ? RecordRepair.Repair(row.Record.Span) : null;
        if (row.Record.HasValue)
            WriteOnOneLine((repaired ?? row.Record.Span)[..^1], output);
        else
            WriteText("{\"id\":"u8, row.Id, output);
        WriteText(",\"_archive\":{\"conversation_id\":"u8, row.ConversationId, output);
        output.Write(",\"run_id\":\""u8);
        output.Write(row.Run.RunIdText.Span);
        output.Write("\",\"archived_at\":\""u8);
        Span<byte> time = output.GetSpan(Timestamp.MaxLength);
        output.Advance(Timestamp.FormatCanonical(row.Run.ArchivedAtMicros, time));
        output.Write("\",\"change\":\""u8);
        output.Write(Datasets.Name(row.Change));
        output.Write("\",\"position\":"u8);
        WritePosition(row.Position, output);
        if (repaired is not null)
            WriteBase64(row.Record.Span, output);
        output.Write("}}\n"u8);
    }

    private static void WritePosition(long? position, IBufferWriter<byte> output)
    {
        if (position is not { } number)
        {
            output.Write("null"u8);
            return;
        }

        number.TryFormat(output.GetSpan(LongestNumber), out int length, provider: CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    private static void WriteBase64(ReadOnlySpan<byte> record, IBufferWriter<byte> output)
    {
        output.Write(",\"record_base64\":\""u8);
        Base64.EncodeToUtf8(record, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(record.Length)), out _, out int length);
        output.Advance(length);
        output.Write("\""u8);
    }

    private static void WriteText(ReadOnlySpan<byte> before, Utf8Text text, IBufferWriter<byte> output)
    {
        output.Write(before);
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text.Span, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }

    /// <summary>Replaces line breaks with spaces. Valid JSON has them only between tokens, where a space is equivalent.</summary>
    private static void WriteOnOneLine(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        for (int next = json.IndexOfAny(LineBreaks); next >= 0; next = json.IndexOfAny(LineBreaks))
        {
            output.Write(json[..next]);
            output.Write(" "u8);
            json = json[(next + 1)..];
        }

        output.Write(json);
    }
}
