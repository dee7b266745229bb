using System.Text.Unicode;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>A rejected record, kept unchanged, with the reason.</summary>
public sealed record RejectedRecord(string ConversationId, byte[] Record, string Reason)
{
    /// <summary>Writes one line with the record as JSON under <c>record</c>. If strict readers refuse it, <c>record</c> is its repaired
    /// text and <c>record_base64</c> the original bytes. If it is not UTF-8, or nested too deeply for a message, only the original bytes
    /// are written.</summary>
    public void WriteLine(IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("conversation_id", ConversationId);
            json.WriteString("reason", Reason);
            bool isText = Utf8.IsValid(Record) && !RecordFlattener.IsTooDeep(Record);
            byte[]? repaired = isText ? RecordRepair.Repair(Record) : null;
            if (isText)
            {
                json.WritePropertyName("record");
                json.WriteRawValue(OnOneLine(repaired ?? Record), skipInputValidation: true);
            }

            if (!isText || repaired is not null)
                json.WriteBase64String("record_base64", Record);

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Reads the conversation and the record from a line. In a record stored as JSON, spaces have replaced raw line
    /// breaks.</summary>
    /// <exception cref="JsonException">The text is not such a line.</exception>
    public static (string ConversationId, byte[] Record) ReadLine(string line)
    {
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = RecordFlattener.MaxDepth + 1 });
        string conversationId = json.RootElement.GetProperty("conversation_id").GetString()!;
        return json.RootElement.TryGetProperty("record_base64", out JsonElement base64)
            ? (conversationId, base64.GetBytesFromBase64())
            : (conversationId, Encoding.UTF8.GetBytes(json.RootElement.GetProperty("record").GetRawText()));
    }

    /// <summary>Reads the conversation of each line.</summary>
    /// <exception cref="InvalidDataException">A line is invalid.</exception>
    public static IReadOnlyList<string> ConversationsOf(ReadOnlyMemory<byte> lines)
    {
        try
        {
            string[] all = Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. all.Select(line => ReadLine(line).ConversationId ?? throw new InvalidDataException("a line names no conversation"))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("a line cannot be read", e);
        }
    }

    private static byte[] OnOneLine(byte[] record)
    {
        byte[] line = [.. record];
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
