using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>The table of columns is all that there is to a column: what it says is so, and a line more is a column more.</summary>
public sealed class ColumnTests : IDisposable
{
    /// <summary>The version after the newest, so that the next real column does not touch these tests.</summary>
    private static readonly int Next = Datasets.SchemaVersion + 1;

    /// <summary>The one line.</summary>
    private static readonly Column<MessageRow> Added = ExtraColumn.Text(since: Next, "test_text", "What a test adds.");

    private static readonly Column<MessageRow>[] OtherKinds =
        [ExtraColumn.Time(since: Next, "test_time", "A time."), ExtraColumn.Count(since: Next, "test_count", "A number.")];

    private static readonly string[] Records =
    [
        """{"id":"1","test_text":"plain","a":1}""",
        """{"id":"2","a":1,"test_text":"caf\u00e9 \"quoted\" \\ \ud83d\ude0a","b":2,"test_time":"2026-03-01T10:00:00Z","test_count":3}""",
        """{"id":"3","test_text":5,"test_time":5,"test_count":3.5}""",
        """{"id":"4","test_text":{"a":[1,2]},"test_count":"3","test_time":"soon"}""",
        """{"id":"5","test_text":null,"test_count":null,"test_time":null}""",
        """{"id":"6","other":"test_text"}""",
        """{"id":"7"}""",
        """{"id":"8","x":{"test_text":"of another object"}}""",
        """{"id":"9","test_text":""}""",
        """{"id":"10","test_t\u0065xt":"an escaped name"}""",
        """{"id":"11","content":"half \ud83d a pair","test_text":"of a repaired record \ud83d"}""",
        """{"id":"12","test_text":false,"test_count":-9223372036854775808,"test_time":"2026-03-01T10:00:00.123456+02:00"}""",
        """{"id":"13","half \ude0a a name":1,"test_text":{"half":"\ud83d"},"test_text":"the last \ud83d"}""",
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> OfTheRecord =>
        new(Datasets.Messages.Columns.Where(c => c.Origin == ColumnOrigin.Record && c.Name is not ("id" or "extra")).Select(c => c.Name));

    public static TheoryData<string> All => new(Datasets.Messages.Columns.Select(c => c.Name));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_column_added_with_one_line_reaches_every_engine_and_loses_nothing()
    {
        Dataset<MessageRow> dataset = Datasets.Messages with { Columns = [.. Datasets.Messages.Columns, Added, .. OtherKinds] };
        IReadOnlyList<MessageRow> rows = Rows.Sorted(Records.Select(r => Rows.Flatten(r)));
        string part = _folder.File("part.parquet");
        await WriteAsync(part, dataset, rows);

        dataset.Version.ShouldBe(Next);
        using var duck = new DuckDb();
        object?[][] found =
        [
            .. duck.Rows($"SELECT id, test_text, epoch_us(test_time), test_count, json_extract_string(extra, '$.test_text') FROM read_parquet('{part}') ORDER BY id::INT"),
        ];
        found.Select(r => r[1]).ShouldBe(found.Select(r => r[4]));
        found.Select(r => (string?)r[1]).ShouldBe(
            ["plain", "café \"quoted\" \\ 😊", "5", "{\"a\":[1,2]}", null, null, null, null, "", "an escaped name", "of a repaired record \uFFFD", "false", "the last \uFFFD"]);
        found.Select(r => r[2]).ShouldBe([null, 1772359200000000L, null, null, null, null, null, null, null, null, null, 1772352000123456L, null]);
        found.Select(r => r[3]).ShouldBe([null, 3L, null, null, null, null, null, null, null, null, null, long.MinValue, null]);

        IReadOnlyList<MessageRow> read = await ReadAsync(part, dataset);
        foreach (MessageRow row in read)
            StrictRows.Restore(row);
        read.Select(r => Rows.Values(dataset, r)).ShouldBe(rows.Select(r => Rows.Values(dataset, r)));
        read.Select(r => Fingerprint.Of(r)).ShouldBe(rows.Select(r => Fingerprint.Of(r)));
        foreach (MessageRow row in read)
            RecordRebuilder.Rebuild(row).ContainsKey("test_text").ShouldBe(
                RecordRebuilder.Members(Records[int.Parse(row.Id.ToString()!) - 1]).ContainsKey("test_text"), row.Id.ToString());
    }

    [Fact]
    public async Task An_older_part_keeps_the_values_of_a_later_column()
    {
        IReadOnlyList<MessageRow> rows = Rows.Sorted(Records.Select(r => Rows.Flatten(r)));
        string part = _folder.File("older.parquet");
        await WriteAsync(part, Datasets.Messages, rows);

        IReadOnlyList<MessageRow> read = await ReadAsync(part, Datasets.Messages);

        read.ToDictionary(r => r.Id.ToString()!, r => Rows.Value(Added, r))
            .ShouldBe(StrictRows.Of(rows).ToDictionary(r => r.Id.ToString()!, r => Rows.Value(Added, r)), ignoreOrder: true);
        read.Count(r => Rows.Value(Added, r) is not null).ShouldBe(9);
    }

    [Theory]
    [MemberData(nameof(OfTheRecord))]
    public async Task A_member_with_a_column_leaves_extra_and_its_change_is_a_version(string name)
    {
        (JsonNode before, JsonNode after) = name switch
        {
            "created_at" or "updated_at" => ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"),
            "metadata" or "message_type_data" => (JsonNode.Parse("""{"a":1}""")!, JsonNode.Parse("""{"a":2}""")!),
            _ => ((JsonNode)"one", (JsonNode)"two"),
        };
        MessageRow[] rows = [Flatten(name, before), Flatten(name, after)];
        string part = _folder.File($"{name}.parquet");
        await WriteAsync(part, Datasets.Messages, Rows.Sorted(rows));

        IReadOnlyList<MessageRow> read = await ReadAsync(part, Datasets.Messages);

        read.ShouldAllBe(r => !r.Extra.HasValue);
        read.Select(r => Fingerprint.Of(r)).Distinct().Count().ShouldBe(2);
        read.Select(r => Fingerprint.Of(r)).ShouldBe(rows.Select(r => Fingerprint.Of(r)), ignoreOrder: true);
        read.Select(r => RecordRebuilder.Rebuild(r)[name]).ShouldBe([Json(before), Json(after)], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Only_a_column_of_the_first_version_takes_its_member_out_of_extra(string name)
    {
        Column<MessageRow> column = Datasets.Messages.Columns.Single(c => c.Name == name);

        if (column.Origin == ColumnOrigin.Record)
            column.Since.ShouldBe(1, "A later one would change the fingerprint of every message that has the member: use ExtraColumn.");
        else
            Flatten(name, "a value").Extra.ToString()!.ShouldContain($"\"{name}\":\"a value\"");
    }

    [Fact]
    public void Values_added_by_the_run_do_not_make_a_new_version()
    {
        MessageRow[] rows = [Flatten("content", "a"), Flatten("content", "a")];
        rows[1].Position = 7;
        rows[1].Change = Change.Changed;
        rows[1].Run = new RunStamp("20270101T000000Z-00000000", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        rows[1].ConversationId = Utf8Text.From("another");

        Datasets.Messages.Columns.Where(c => c.Origin == ColumnOrigin.Run).Select(c => c.Name)
            .ShouldBe(["conversation_id", "position", "change", "archived_at", "run_id"]);
        Fingerprint.Of(rows[0]).ShouldBe(Fingerprint.Of(rows[1]));
    }

    private static MessageRow Flatten(string member, JsonNode value) =>
        Rows.Flatten(new JsonObject { ["id"] = $"of {value.ToJsonString()}", [member] = value.DeepClone() }.ToJsonString());

    private static string Json(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? JsonValue.Create((string?)value)!.ToJsonString() : value.ToJsonString();

    private static async Task WriteAsync(string part, Dataset<MessageRow> dataset, IReadOnlyList<MessageRow> rows)
    {
        var metadata = new Dictionary<string, string> { ["kapsoarchive.run_id"] = Rows.Run.RunId, ["kapsoarchive.schema_version"] = $"{dataset.Version}" };
        await using FileStream stream = File.Create(part);
        ParquetFileWriter<MessageRow> file = await ParquetFileWriter<MessageRow>.CreateAsync(dataset, stream, metadata, Cancellation);
        await file.WriteRowGroupAsync(StrictRows.Of(rows), Cancellation);
        await file.CompleteAsync();
    }

    /// <summary>The rows as they lie in the part.</summary>
    private static async Task<IReadOnlyList<MessageRow>> ReadAsync(string part, Dataset<MessageRow> dataset)
    {
        await using FileStream stream = File.OpenRead(part);
        return await new MessageBatch(await ParquetFileReader<MessageRow>.OpenAsync(dataset, stream, Cancellation), 0).StoredRowsAsync(Cancellation);
    }
}
