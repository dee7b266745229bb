using System.Text.Json;
using System.Text.Unicode;

namespace KapsoArchive.Core.Lake;

/// <summary>
/// Flattens one record to a row, in one pass over its bytes and without loss: what a column cannot give back as it was goes to <see cref="MessageRow.Extra"/>.
/// To get the record back, take the columns that are not null, then let each member of <c>extra</c> replace the member of its name.
/// A member that is null and one that is absent are the same null column; the JSONL keeps the difference.
/// </summary>
public sealed class RecordFlattener(Utf8Text conversationId, RunStamp run)
{
    /// <summary>Objects and arrays may nest this deep in a page.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <param name="record">One complete JSON value, as it stood in the page.</param>
    /// <param name="rejection">Why the record is no message, in words; null where it is one.</param>
    /// <returns>The row, or null where the record is no message.</returns>
    public MessageRow? Flatten(byte[] record, out string? rejection) => Flatten(Utf8Text.From(record), out rejection);

    /// <inheritdoc cref="Flatten(byte[], out string?)"/>
    public MessageRow? Flatten(Utf8Text record, out string? rejection)
    {
        rejection = null;
        ReadOnlySpan<byte> json = record.Span;
        if (json is not [(byte)'{', ..])
            rejection = "not a JSON object";
        else if (!Utf8.IsValid(json))
            rejection = "not valid UTF-8";
        if (rejection is not null)
            return null;

        var row = new MessageRow { Record = record, ConversationId = conversationId, Run = run };
        var extra = new ExtraMembers(record);
        Span<Range> seen = stackalloc Range[MessageFields.Count];
        uint seenFields = 0;
        uint repeatedFields = 0;

        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            MessageField field = MessageFields.Find(reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan, out _) : reader.ValueSpan);
            reader.Read();
            bool fits = field != MessageField.None && Set(row, field, ref reader);
            reader.Skip();
            Range member = start..(int)reader.BytesConsumed;

            uint bit = 1u << (int)field;
            if (field == MessageField.None)
            {
                extra.Add(member);
            }
            else if ((seenFields & bit) != 0)
            {
                // The same name twice: JSON readers take the last, so the column has it, and extra keeps them all in their order.
                if ((repeatedFields & bit) == 0 && !seen[(int)field].Equals(default))
                    extra.Add(seen[(int)field]);
                extra.Add(member);
                repeatedFields |= bit;
            }
            else if (fits)
            {
                seen[(int)field] = member;
            }
            else
            {
                extra.Add(member);
            }

            seenFields |= bit;
        }

        if (row.Id.Span.IsEmpty)
        {
            rejection = "no id that is text or a number";
            return null;
        }

        row.Extra = extra.ToJson();
        return row;
    }

    /// <summary>Puts the value under the reader into its column. False where the column does not give the value back as it was.</summary>
    private static bool Set(MessageRow row, MessageField field, ref Utf8JsonReader reader)
    {
        bool fits;
        switch (field)
        {
            case MessageField.CreatedAt:
                row.CreatedAt = Time(ref reader, out fits);
                break;
            case MessageField.UpdatedAt:
                row.UpdatedAt = Time(ref reader, out fits);
                break;
            case MessageField.Metadata:
                row.Metadata = Json(row.Record, ref reader, out fits);
                break;
            case MessageField.MessageTypeData:
                row.MessageTypeData = Json(row.Record, ref reader, out fits);
                break;
            case MessageField.Id:
                row.Id = Text(row.Record, ref reader, out fits);
                if (reader.TokenType == JsonTokenType.Number)
                    row.Id = Raw(row.Record, ref reader);
                else if (!fits)
                    row.Id = default; // Half a surrogate pair: U+FFFD in its place could make two messages one.
                break;
            case MessageField.Direction:
                row.Direction = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.Status:
                row.Status = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.ProcessingStatus:
                row.ProcessingStatus = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.MessageType:
                row.MessageType = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.PhoneNumber:
                row.PhoneNumber = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.WhatsappMessageId:
                row.WhatsappMessageId = Text(row.Record, ref reader, out fits);
                break;
            case MessageField.Content:
                row.Content = Text(row.Record, ref reader, out fits);
                break;
            default:
                row.MediaUrl = Text(row.Record, ref reader, out fits);
                break;
        }

        return fits;
    }

    private static Utf8Text Text(Utf8Text record, ref Utf8JsonReader reader, out bool fits)
    {
        fits = reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
        if (reader.TokenType != JsonTokenType.String)
            return default;
        return reader.ValueIsEscaped
            ? Utf8Text.From(JsonText.Unescape(reader.ValueSpan, out fits))
            : record.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
    }

    private static long? Time(ref Utf8JsonReader reader, out bool fits)
    {
        fits = reader.TokenType == JsonTokenType.Null;
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !Timestamp.TryParse(reader.ValueSpan, out long micros))
            return null;
        fits = Timestamp.IsCanonical(reader.ValueSpan, micros);
        return micros;
    }

    private static Utf8Text Json(Utf8Text record, ref Utf8JsonReader reader, out bool fits)
    {
        fits = true;
        return reader.TokenType == JsonTokenType.Null ? default : Raw(record, ref reader);
    }

    private static Utf8Text Raw(Utf8Text record, ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return record.Slice(start, (int)reader.BytesConsumed - start);
    }
}
