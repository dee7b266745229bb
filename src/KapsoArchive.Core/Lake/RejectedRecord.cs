using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace KapsoArchive.Core.Lake;

/// <summary>A record that is no message, kept as it came, with the reason.</summary>
public sealed record RejectedRecord(string ConversationId, byte[] Record, string Reason)
{
    /// <summary>One line: the record as JSON under <c>record</c>, or as Base64 under <c>record_base64</c> where it is not valid UTF-8.</summary>
    public void WriteLine(IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("conversation_id", ConversationId);
            json.WriteString("reason", Reason);
            if (Utf8.IsValid(Record))
            {
                json.WritePropertyName("record");
                json.WriteRawValue(OnOneLine(), skipInputValidation: true);
            }
            else
            {
                json.WriteBase64String("record_base64", Record);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The conversation and the record of one line; raw line breaks of the record are spaces now.</summary>
    /// <exception cref="JsonException">It is no such line.</exception>
    public static (string ConversationId, byte[] Record) ReadLine(string line)
    {
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = RecordFlattener.MaxDepth + 1 });
        string conversationId = json.RootElement.GetProperty("conversation_id").GetString()!;
        return json.RootElement.TryGetProperty("record_base64", out JsonElement base64)
            ? (conversationId, base64.GetBytesFromBase64())
            : (conversationId, System.Text.Encoding.UTF8.GetBytes(json.RootElement.GetProperty("record").GetRawText()));
    }

    private byte[] OnOneLine()
    {
        byte[] line = [.. Record];
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
