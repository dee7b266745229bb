using System.Buffers;
using System.Text;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Lake;

public sealed class RejectedRecordTests
{
    [Fact]
    public void A_record_is_kept_as_it_came_on_one_line() =>
        Line("{\"content\":\n \"é\\ud83d\"}"u8.ToArray()).ShouldBe("{\"conversation_id\":\"c\",\"reason\":\"no id\",\"record\":{\"content\":  \"é\\ud83d\"}}\n");

    [Fact]
    public void Bytes_that_are_no_text_are_kept_as_Base64() =>
        Line([(byte)'"', 0xC3, 0x28, (byte)'"']).ShouldBe("{\"conversation_id\":\"c\",\"reason\":\"no id\",\"record_base64\":\"IsMoIg==\"}\n");

    private static string Line(byte[] record)
    {
        var output = new ArrayBufferWriter<byte>();
        new RejectedRecord("c", record, "no id").WriteLine(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
