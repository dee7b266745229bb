using System.Text.Unicode;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>Flattens one record to a row, in one pass and without loss: a value that its column cannot restore exactly goes to <see
/// cref="MessageRow.Extra"/>. To restore the record, take the columns that are not null, then replace members with those of the same name
/// in <c>extra</c>. Null and absent members give the same null column; the JSONL keeps the difference.</summary>
public sealed class RecordFlattener(Utf8Text conversationId, RunStamp run)
{
    /// <summary>Maximum nesting of objects and arrays in a message.</summary>
    public const int MaxDepth = 256;

    /// <summary>Maximum bytes of a message's id. The source's own have 36. The index stores each id that is not a UUID.</summary>
    public const int MaxIdLength = 1_000;

    [ThreadStatic]
    private static MemberNames? _names;

    internal static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <param name="record">One complete JSON value, as in the page.</param>
    /// <param name="rejection">Why the record is rejected, in words; null if it is a message.</param>
    /// <returns>The row; null for a rejected record.</returns>
    public MessageRow? Flatten(byte[] record, out string? rejection) => Flatten(Utf8Text.From(record), out rejection);

    /// <inheritdoc cref="Flatten(byte[], out string?)"/>
    public MessageRow? Flatten(Utf8Text record, out string? rejection)
    {
        ReadOnlySpan<byte> json = record.Span;
        try
        {
            rejection = json is not [(byte)'{', ..] ? "not a JSON object" : !Utf8.IsValid(json) ? "not valid UTF-8" : null;
            return rejection is null ? FlattenObject(record, out rejection) : null;
        }
        catch (JsonException) when (IsTooDeep(json))
        {
            rejection = $"nested deeper than {MaxDepth}";
            return null;
        }
    }

    /// <summary>Whether a value is nested deeper than a message may be.</summary>
    internal static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return true;
        }

        return false;
    }

    private MessageRow? FlattenObject(Utf8Text record, out string? rejection)
    {
        rejection = null;
        var row = new MessageRow { Record = record, ConversationId = conversationId, Run = run };
        var extra = new ExtraMembers(record);
        Span<Range> seen = stackalloc Range[MessageFields.Count];
        uint seenFields = 0;
        uint repeatedFields = 0;
        MemberNames names = _names ??= new MemberNames();
        names.Begin();

        var reader = new Utf8JsonReader(record.Span, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            MessageField field = MessageFields.Find(reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan, out _) : reader.ValueSpan);
            if (field == MessageField.None)
                names.Add(ref reader);
            reader.Read();
            Fit fit = field == MessageField.None ? Fit.Not : Set(row, field, ref reader, names);
            names.Skip(ref reader);
            Range member = start..(int)reader.BytesConsumed;

            uint bit = 1u << (int)field;
            if (field == MessageField.None)
            {
                extra.Add(member);
            }
            else if ((seenFields & bit) != 0)
            {
                // A duplicate name: JSON readers use the last value, so the column holds that one, and extra keeps all in order.
                if ((repeatedFields & bit) == 0 && !seen[(int)field].Equals(default))
                    extra.Add(seen[(int)field]);
                extra.Add(member);
                repeatedFields |= bit;
            }
            else if (fit == Fit.AsSent)
            {
                seen[(int)field] = member;
            }
            else
            {
                extra.Add(member);
            }

            row.Unfit += field != MessageField.None && fit == Fit.Not ? 1 : 0;
            seenFields |= bit;
        }

        if (row.Id.Span.IsEmpty)
        {
            rejection = "no id that is text or a number";
            return null;
        }

        if (row.Id.Span.Length > MaxIdLength)
        {
            rejection = $"an id of more than {MaxIdLength} bytes";
            return null;
        }

        row.Extra = extra.ToJson();
        row.NeedsRepair = (repeatedFields != 0 || names.MayClash || JsonText.HasHalfPair(record.Span))
            && RecordRepair.Repair(record.Span) is not null;
        return row;
    }

    /// <summary>Puts the current value into its column.</summary>
    private static Fit Set(MessageRow row, MessageField field, ref Utf8JsonReader reader, MemberNames names)
    {
        Fit fit;
        switch (field)
        {
            case MessageField.CreatedAt:
                row.CreatedAt = Time(ref reader, out fit);
                break;
            case MessageField.UpdatedAt:
                row.UpdatedAt = Time(ref reader, out fit);
                break;
            case MessageField.Metadata:
                row.Metadata = Json(row.Record, ref reader, names);
                return Fit.AsSent;
            case MessageField.MessageTypeData:
                row.MessageTypeData = Json(row.Record, ref reader, names);
                return Fit.AsSent;
            case MessageField.Id:
                row.Id = Text(row.Record, ref reader, out fit);
                if (reader.TokenType == JsonTokenType.Number)
                    (row.Id, fit) = (Json(row.Record, ref reader, names), Fit.InOtherWords);
                else if (fit == Fit.Not)
                    row.Id = default; // Unpaired surrogate: U+FFFD in its place could make two ids equal.
                break;
            default:
                Utf8Text text = Text(row.Record, ref reader, out fit);
                _ = field switch
                {
                    MessageField.Direction => row.Direction = text,
                    MessageField.Status => row.Status = text,
                    MessageField.ProcessingStatus => row.ProcessingStatus = text,
                    MessageField.MessageType => row.MessageType = text,
                    MessageField.PhoneNumber => row.PhoneNumber = text,
                    MessageField.WhatsappMessageId => row.WhatsappMessageId = text,
                    MessageField.Content => row.Content = text,
                    _ => row.MediaUrl = text,
                };
                break;
        }

        return fit;
    }

    private static Utf8Text Text(Utf8Text record, ref Utf8JsonReader reader, out Fit fit)
    {
        fit = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? Fit.AsSent : Fit.Not;
        if (reader.TokenType != JsonTokenType.String)
            return default;
        if (!reader.ValueIsEscaped)
            return record.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        var text = Utf8Text.From(JsonText.Unescape(reader.ValueSpan, out bool exact));
        fit = exact ? Fit.AsSent : Fit.Not;
        return text;
    }

    private static long? Time(ref Utf8JsonReader reader, out Fit fit)
    {
        fit = reader.TokenType == JsonTokenType.Null ? Fit.AsSent : Fit.Not;
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !Timestamp.TryParse(reader.ValueSpan, out long micros))
            return null;
        fit = Timestamp.IsCanonical(reader.ValueSpan, micros) ? Fit.AsSent : Fit.InOtherWords;
        return micros;
    }

    private static Utf8Text Json(Utf8Text record, ref Utf8JsonReader reader, MemberNames names)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        int start = (int)reader.TokenStartIndex;
        names.Skip(ref reader);
        return record.Slice(start, (int)reader.BytesConsumed - start);
    }

    /// <summary>How well a column holds a value.</summary>
    private enum Fit
    {
        /// <summary>It restores the value as sent.</summary>
        AsSent,

        /// <summary>It holds the value in another form: a time with an offset, or an id that is a number.</summary>
        InOtherWords,

        /// <summary>It cannot hold the value.</summary>
        Not,
    }
}
