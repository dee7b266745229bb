using System.Text;
using CsCheck;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class RecordFlattenerTests
{
    private static readonly HashSet<string> Columns = [.. Datasets.Messages.Columns.Select(c => c.Name)];

    public static TheoryData<int> Samples => new(Enumerable.Range(0, SandboxSamples.Records.Count));

    [Fact]
    public void Each_documented_field_has_its_column()
    {
        MessageRow row = Rows.Flatten("""
            {"id":"i","phone_number":"+1","message_type":"text","content":"Hola","direction":"inbound","status":"read","processing_status":"done",
             "whatsapp_message_id":"w","metadata":{"a": 1},"media_url":"https://x","message_type_data":[1,2],
             "created_at":"2026-03-01T10:01:07.793Z","updated_at":"2026-03-01T10:01:08Z"}
            """);

        Datasets.Messages.Columns.Where(c => c.Origin != ColumnOrigin.Extra).Select(c => Rows.Value(c, row)).ShouldBe(
        [
            "conversation-1", "i", 1772359267793000L, 1772359268000000L, "inbound", "read", "done", "text", "+1", "w", "Hola", "https://x",
            "{\"a\": 1}", "[1,2]", null, null, "added", 1795312800123456L, Rows.Run.RunId,
        ]);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_record_can_be_rebuilt_from_its_row(int sample) => ShouldRebuild(SandboxSamples.Records[sample].ToArray());

    [Fact]
    public void Any_record_can_be_rebuilt_from_its_row() => GenRecord.Sample(record => ShouldRebuild(Encoding.UTF8.GetBytes(record)), iter: 20_000);

    [Theory]
    [InlineData("{\"id\":\"i\",\"x\":1}", "{\"x\":1}")]
    [InlineData("{\"id\":\"i\",\"x\" : {\"y\": [null]} , \"z\":null}", "{\"x\" : {\"y\": [null]},\"z\":null}")]
    [InlineData("{\"id\":\"i\",\"updated_at\":\"soon\"}", "{\"updated_at\":\"soon\"}")]
    [InlineData("{\"id\":\"i\",\"created_at\":\"2026-03-02T10:00:00+02:00\"}", "{\"created_at\":\"2026-03-02T10:00:00+02:00\"}")]
    [InlineData("{\"id\":\"i\",\"content\":\"\\ud83d\"}", "{\"content\":\"\\ud83d\"}")]
    [InlineData("{\"id\":\"i\",\"content\":{\"text\":\"t\"}}", "{\"content\":{\"text\":\"t\"}}")]
    [InlineData("{\"id\":\"i\",\"status\":3}", "{\"status\":3}")]
    [InlineData("{\"id\":7}", "{\"id\":7}")]
    [InlineData("{\"id\":\"i\",\"status\":\"a\",\"status\":\"b\"}", "{\"status\":\"a\",\"status\":\"b\"}")]
    [InlineData("{\"id\":\"i\",\"status\":1,\"status\":\"b\",\"status\":\"c\"}", "{\"status\":1,\"status\":\"b\",\"status\":\"c\"}")]
    [InlineData("{\"id\":\"i\",\"run_id\":\"not ours\"}", "{\"run_id\":\"not ours\"}")]
    [InlineData("{\"id\":\"i\",\"content\":null,\"metadata\":null}", null)]
    [InlineData("{\"id\":\"i\"}", null)]
    [InlineData("{\"\\u0069d\":\"i\",\"content\":\"\\u0041\\/\"}", null)]
    public void Extra_has_what_no_column_can_restore(string record, string? extra) => Rows.Flatten(record).Extra.ToString().ShouldBe(extra);

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character_in_the_column() =>
        Rows.Flatten("{\"id\":\"i\",\"content\":\"a\\ud83d b\\ude0a \\ud83d\\ude0a \\u0000\\n\"}").Content.ToString().ShouldBe("a\uFFFD b\uFFFD 😊 \0\n");

    [Fact]
    public void The_record_is_kept_byte_for_byte()
    {
        byte[] record = Encoding.UTF8.GetBytes("{ \"id\" :\n\"i\" }");

        Rows.Flatten(record).Record.Span.ToArray().ShouldBe(record);
    }

    [Theory]
    [InlineData("42", "not a JSON object")]
    [InlineData("null", "not a JSON object")]
    [InlineData("[{\"id\":\"i\"}]", "not a JSON object")]
    [InlineData("{}", "no id that is text or a number")]
    [InlineData("{\"id\":null}", "no id that is text or a number")]
    [InlineData("{\"id\":\"\"}", "no id that is text or a number")]
    [InlineData("{\"id\":{}}", "no id that is text or a number")]
    [InlineData("{\"id\":\"\\ud83d\"}", "no id that is text or a number")]
    public void A_record_that_is_not_a_message_is_rejected_with_the_reason(string record, string reason)
    {
        new RecordFlattener(Utf8Text.From("c"), Rows.Run).Flatten(Encoding.UTF8.GetBytes(record), out string? rejection).ShouldBeNull();

        rejection.ShouldBe(reason);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    [InlineData(1_000_000, false)]
    public void A_message_that_nests_too_deep_is_rejected(int depth, bool isMessage)
    {
        byte[] record = Encoding.UTF8.GetBytes($"{{\"id\":\"i\",\"x\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}");

        (new RecordFlattener(Utf8Text.From("c"), Rows.Run).Flatten(record, out string? rejection) is not null).ShouldBe(isMessage);

        rejection.ShouldBe(isMessage ? null : "nested deeper than 256");
    }

    [Theory]
    [InlineData("{\"id\":7,\"created_at\":\"2026-03-02T10:00:00+02:00\",\"content\":null}", 0)]
    [InlineData("{\"id\":\"i\",\"created_at\":\"soon\",\"content\":5,\"status\":\"\\ud83d\",\"metadata\":5}", 3)]
    public void Values_that_do_not_fit_their_column_are_counted(string record, int unfit) => Rows.Flatten(record).Unfit.ShouldBe(unfit);

    [Fact]
    public void Bytes_that_are_not_text_are_rejected()
    {
        byte[] record = [.. "{\"id\":\"i\",\"content\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        new RecordFlattener(Utf8Text.From("c"), Rows.Run).Flatten(record, out string? rejection).ShouldBeNull();

        rejection.ShouldBe("not valid UTF-8");
    }

    private static void ShouldRebuild(byte[] record)
    {
        MessageRow row = Rows.Flatten(record);
        Dictionary<string, string> rebuilt = RecordRebuilder.Rebuild(row);
        Dictionary<string, string> expected = RecordRebuilder.Members(Encoding.UTF8.GetString(record))
            .Where(m => m.Value != "null" || !Columns.Contains(m.Key) || rebuilt.ContainsKey(m.Key)).ToDictionary();

        rebuilt.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        foreach ((string name, string value) in expected)
            RecordRebuilder.Same(rebuilt[name], value).ShouldBeTrue($"{name}: {rebuilt[name]} is not {value} in {Encoding.UTF8.GetString(record)}");
    }

    /// <summary>JSON objects with an id, and members that are columns, near misses of columns and others, with values of every
    /// kind.</summary>
    internal static readonly Gen<string> GenRecord = GenRecords();

    private static Gen<string> GenRecords()
    {
        Gen<string> text = Gen.OneOf(
            "", "Hola", "a😊", "❤️～", "\\u00e9", "\\ud83d\\ude0a", "\\ud83d", "\\ude0a x", "\\u0000", "\\\\ \\/ \\\" \\b\\f\\n\\r\\t", "中文", "2026-03-01T10:01:07.793Z",
            "2026-03-01T10:01:07.000Z", "2026-03-01T10:01:07+02:00", "2026-03-01T10:01:07.123456789Z", "soon").Select(t => $"\"{t}\"");
        Gen<string> leaf = Gen.OneOf(text, Gen.OneOf("null", "true", "false", "0", "-1.5e300", "12345678901234567890.123", "{}", "[]"));
        Gen<string> nested = Gen.OneOf(
            leaf.Array[0, 3].Select(items => $"[{string.Join(" , ", items)}]"),
            Gen.Select(leaf, leaf, (a, b) => $"{{\"k\":{a}, \"é\" :\n{b}}}"));
        Gen<string> name = Gen.OneOf(
            Gen.OneOf([.. Columns]),
            Gen.OneOf("x", "Content", "content ", "", "é", "_archive", "\\u0073tatus", "k😊"));
        Gen<string> member = Gen.Select(name.Where(n => n != "id"), Gen.OneOf(leaf, nested), (n, v) => $"\"{n}\":{v}");
        return Gen.Select(member.Array[0, 8], Gen.Int[0, 8], (members, at) =>
            $"{{{string.Join(",", [.. members.Take(at), "\"id\":\"i-1\"", .. members.Skip(at)])}}}");
    }
}
