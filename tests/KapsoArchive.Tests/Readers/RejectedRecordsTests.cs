using System.Buffers;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>A rejected record is not in a part: readers find it, with the reason, in the file of rejected records.</summary>
public sealed class RejectedRecordsTests : IDisposable
{
    private static readonly (string Kind, string Record)[] Texts =
    [
        ("no id", """{"content":"x"}"""),
        ("an id that is null", """{"id":null}"""),
        ("an empty id", """{"id":""}"""),
        ("an id that is an object", """{"id":{"a":1}}"""),
        ("an id with half a surrogate pair", """{"id":"a\ud83d"}"""),
        ("an id of 1,001 bytes", $$"""{"id":"{{new string('i', 1_001)}}"}"""),
        ("a name twice, and no id", """{"a":1,"a":2}"""),
        ("a list", "[1,2]"),
        ("a text", "\"text\""),
        ("a number", "1e400"),
        ("null", "null"),
        ("line breaks", "{\n\"id\" :\r\n\"\" }"),
        ("JSON nested 300 deep", $"{{\"id\":\"deep\",\"a\":{new string('[', 300)}{new string(']', 300)}}}"),
    ];

    private static readonly (string Kind, byte[] Record)[] Kinds =
    [
        .. Texts.Select(kind => (kind.Kind, Encoding.UTF8.GetBytes(kind.Record))),
        ("bytes that are not UTF-8", [.. "{\"id\":\"a"u8, 0xFF, .. "\"}"u8]),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _reasons = [];

    public RejectedRecordsTests()
    {
        ArrayBufferWriter<byte> lines = new();
        foreach ((string kind, byte[] record) in Kinds)
        {
            new RecordFlattener(Utf8Text.From(kind), Rows.Run).Flatten(record, out string? reason).ShouldBeNull();
            _reasons.Add(kind, reason!);
            new RejectedRecord(kind, record, reason!).WriteLine(lines);
        }

        File.WriteAllBytes(FileOfLines, lines.WrittenSpan);
    }

    private string FileOfLines => _folder.File("rejected.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DuckDB_reads_every_rejected_record()
    {
        using var duck = new DuckDb();

        IReadOnlyList<object?[]> rows = duck.Rows($$"""
            SELECT conversation_id, reason, record, record_base64
            FROM read_json('{{FileOfLines}}', columns = {conversation_id: 'VARCHAR', reason: 'VARCHAR', record: 'JSON', record_base64: 'VARCHAR'})
            """);

        ShouldBeAll(rows.Select(row => ((string)row[0]!, (string)row[1]!, (string?)row[2], (string?)row[3])));
    }

    [Fact]
    public async Task ClickHouse_reads_every_rejected_record()
    {
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(TestContext.Current.CancellationToken);

        IReadOnlyList<JsonElement> rows = await clickHouse.QueryAsync(
            $"SELECT * FROM file('{FileOfLines}', JSONEachRow, 'conversation_id String, reason String, record Nullable(String), record_base64 Nullable(String)')",
            TestContext.Current.CancellationToken);

        ShouldBeAll(rows.Select(row => (Text(row, "conversation_id")!, Text(row, "reason")!, Text(row, "record"), Text(row, "record_base64"))));
    }

    [Fact]
    public void System_Text_Json_reads_every_rejected_record()
    {
        JsonElement[] rows = [.. File.ReadLines(FileOfLines).Select(line => JsonElement.Parse(line))];

        ShouldBeAll(rows.Select(row => (
            Text(row, "conversation_id")!, Text(row, "reason")!, row.TryGetProperty("record", out JsonElement record) ? record.GetRawText() : null, Text(row, "record_base64"))));
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private void ShouldBeAll(IEnumerable<(string Kind, string Reason, string? Record, string? Base64)> rows)
    {
        var byKind = rows.ToDictionary(row => row.Kind);
        byKind.Count.ShouldBe(Kinds.Length);
        foreach ((string kind, byte[] sent) in Kinds)
        {
            (_, string reason, string? record, string? base64) = byKind[kind];
            reason.ShouldBe(_reasons[kind]);
            if (base64 is not null)
                Convert.FromBase64String(base64).ShouldBe(sent, kind);
            else if (record != "text") // ClickHouse gives a text without its quotes.
                Sighting.IsSameJson(record ?? "null", Encoding.UTF8.GetString(sent)).ShouldBeTrue(kind);
        }
    }
}
