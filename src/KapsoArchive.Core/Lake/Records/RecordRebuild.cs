namespace KapsoArchive.Core.Lake.Records;

/// <summary>Puts a record together again from the columns of its row. Each member has its value, but not its place; an absent member and a
/// null are the same. For JSONL made from Parquet.</summary>
internal static class RecordRebuild
{
    public static Utf8Text Of(MessageRow row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using JsonDocument? extra = row.Extra.HasValue ? JsonDocument.Parse(row.Extra.Span.ToArray()) : null;
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            Text("id", row.Id);
            Text("phone_number", row.PhoneNumber);
            Text("message_type", row.MessageType);
            Text("content", row.Content);
            Text("direction", row.Direction);
            Text("status", row.Status);
            Text("processing_status", row.ProcessingStatus);
            Text("whatsapp_message_id", row.WhatsappMessageId);
            Raw("metadata", row.Metadata);
            Text("media_url", row.MediaUrl);
            Raw("message_type_data", row.MessageTypeData);
            Time("created_at", row.CreatedAt);
            Time("updated_at", row.UpdatedAt);
            foreach (JsonProperty member in extra?.RootElement.EnumerateObject() ?? default)
                member.WriteTo(json);
            json.WriteEndObject();

            void Text(string name, Utf8Text value)
            {
                if (value.HasValue && !IsInExtra(name))
                    json.WriteString(name, value.Span);
            }

            void Raw(string name, Utf8Text value)
            {
                if (!value.HasValue || IsInExtra(name))
                    return;
                json.WritePropertyName(name);
                json.WriteRawValue(value.Span, skipInputValidation: true);
            }

            void Time(string name, long? micros)
            {
                if (micros is null || IsInExtra(name))
                    return;
                Span<byte> time = stackalloc byte[Timestamp.MaxLength];
                json.WriteString(name, time[..Timestamp.FormatCanonical(micros.Value, time)]);
            }
        }

        return Utf8Text.From(buffer.WrittenSpan.ToArray());

        bool IsInExtra(string name) => extra?.RootElement.TryGetProperty(name, out _) == true;
    }
}
