using System.Buffers;
using System.Text;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class RejectedRecordTests
{
    public static TheoryData<int> Seeds => Samples.Seeds;

    [Fact]
    public void A_record_is_kept_unchanged_on_one_line() =>
        Line("{\"content\":\n \"é\"}"u8.ToArray()).ShouldBe("{\"conversation_id\":\"c\",\"reason\":\"no id\",\"record\":{\"content\":  \"é\"}}\n");

    [Fact]
    public void A_record_that_strict_readers_refuse_is_repaired_and_its_bytes_are_kept() =>
        Line("[\"\\ud83d\"]"u8.ToArray()).ShouldBe("{\"conversation_id\":\"c\",\"reason\":\"no id\",\"record\":[\"\\ufffd\"],\"record_base64\":\"WyJcdWQ4M2QiXQ==\"}\n");

    [Fact]
    public void Only_the_bytes_of_a_too_deeply_nested_record_are_kept()
    {
        byte[] deep = Encoding.UTF8.GetBytes(HostileJson.Nested(1_000));

        string line = Line(deep);

        line.ShouldNotContain("\"record\":");
        RejectedRecord.ReadLine(line).Record.ShouldBe(deep);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_record_becomes_a_strict_line_and_is_restored(int seed)
    {
        var json = new HostileJson(new Random(seed));
        for (int i = 0; i < Samples.Count(500, 20_000); i++)
        {
            byte[] record = Encoding.UTF8.GetBytes(json.Value());

            string line = Line(record);

            StrictJson.Parse(Encoding.UTF8.GetBytes(line));
            (string conversation, byte[] read) = RejectedRecord.ReadLine(line);
            (conversation, OnOneLine(read)).ShouldBe(("c", OnOneLine(record)), $"seed {seed}");
        }
    }

    private static string OnOneLine(byte[] record) => Encoding.UTF8.GetString(record).Replace('\n', ' ').Replace('\r', ' ');

    [Fact]
    public void Bytes_that_are_not_text_are_kept_as_Base64() =>
        Line([(byte)'"', 0xC3, 0x28, (byte)'"']).ShouldBe("{\"conversation_id\":\"c\",\"reason\":\"no id\",\"record_base64\":\"IsMoIg==\"}\n");

    private static string Line(byte[] record)
    {
        var output = new ArrayBufferWriter<byte>();
        new RejectedRecord("c", record, "no id").WriteLine(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
