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

    private byte[] OnOneLine()
    {
        byte[] line = [.. Record];
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
