using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>A record that is no message, kept as it came, with the reason.</summary>
public sealed record RejectedRecord(string ConversationId, byte[] Record, string Reason)
{
    /// <summary>
    /// One line: the record as JSON under <c>record</c>. If strict readers refuse it, <c>record</c> is its repaired text and
    /// <c>record_base64</c> its own bytes; if it is not UTF-8, or nested deeper than a message
    /// may be, there are only its bytes.
    /// </summary>
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

    /// <summary>The conversation and the record of one line; raw line breaks of a record that stands there as JSON are spaces
    /// now.</summary>
    /// <exception cref="JsonException">It is no such line.</exception>
    public static (string ConversationId, byte[] Record) ReadLine(string line)
    {
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = RecordFlattener.MaxDepth + 1 });
        string conversationId = json.RootElement.GetProperty("conversation_id").GetString()!;
        return json.RootElement.TryGetProperty("record_base64", out JsonElement base64)
            ? (conversationId, base64.GetBytesFromBase64())
            : (conversationId, Encoding.UTF8.GetBytes(json.RootElement.GetProperty("record").GetRawText()));
    }

    /// <summary>The conversation of each line.</summary>
    /// <exception cref="InvalidDataException">One is no such line.</exception>
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
