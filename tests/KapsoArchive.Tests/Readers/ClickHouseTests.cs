using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

public sealed class ClickHouseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeltaReader.Kernel)]
    [InlineData(DeltaReader.ClickHouse)]
    public async Task Both_readers_read_every_commit_of_a_Delta_table(DeltaReader reader)
    {
        await CommitAsync(0, "one", Rows.Flatten("""{"id":"1","content":"olá 👋","created_at":"2026-03-02T09:00:00.123456Z"}"""));
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(Cancellation);
        (await clickHouse.ReadDeltaAsync(_folder.Path, reader, Cancellation)).Count.ShouldBe(1);

        await CommitAsync(1, "two", Rows.Flatten("""{"id":"2"}"""), Rows.Flatten("""{"id":"3"}"""));

        IReadOnlyList<JsonElement> rows = await clickHouse.ReadDeltaAsync(_folder.Path, reader, Cancellation, where: "id < '3'");
        rows.Count.ShouldBe(2);
        JsonElement row = rows.Single(r => r.GetProperty("id").GetString() == "1");
        row.EnumerateObject().Select(column => column.Name).ShouldBe(Datasets.Messages.Columns.Select(column => column.Name), ignoreOrder: true);
        row.GetProperty("content").GetString().ShouldBe("olá 👋");
        row.GetProperty("created_at").GetString().ShouldBe("2026-03-02T09:00:00.123456Z");
        row.GetProperty("updated_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(DeltaReader.Kernel)]
    [InlineData(DeltaReader.ClickHouse)]
    public async Task A_refusal_names_the_reader_that_was_asked(DeltaReader reader)
    {
        await using ClickHouse clickHouse = await ClickHouse.StartAsync(Cancellation);

        InvalidDataException refusal = await Should.ThrowAsync<InvalidDataException>(clickHouse.ReadDeltaAsync(_folder.Path, reader, Cancellation));

        refusal.Message.Contains("DeltaLake kernel", StringComparison.Ordinal).ShouldBe(reader == DeltaReader.Kernel, refusal.Message);
        (await clickHouse.QueryAsync("SELECT 9007199254740993 AS number", Cancellation)).Single().GetProperty("number").GetInt64().ShouldBe(9007199254740993);
    }

    private async Task CommitAsync(int version, string name, params MessageRow[] rows)
    {
        string part = $"snapshot_date=2026-11-22/{name}.parquet";
        Directory.CreateDirectory(_folder.File("snapshot_date=2026-11-22"));
        await Rows.WritePartAsync(_folder.File(part), PartFormat.Parquet, [Rows.Sorted(rows)], Cancellation);
        var add = new JsonObject
        {
            ["path"] = part.Replace("=", "%3D", StringComparison.Ordinal),
            ["partitionValues"] = new JsonObject(),
            ["size"] = new FileInfo(_folder.File(part)).Length,
            ["modificationTime"] = 1795312800000,
            ["dataChange"] = true,
        };
        var table = new JsonObject
        {
            ["id"] = "2f1c1f0e-3a5b-4a3f-9d0a-000000000021",
            ["format"] = new JsonObject { ["provider"] = "parquet", ["options"] = new JsonObject() },
            ["schemaString"] = Schema(Datasets.Messages).ToJsonString(),
            ["partitionColumns"] = new JsonArray(),
            ["configuration"] = new JsonObject(),
            ["createdTime"] = 1795312800000,
        };
        JsonObject[] first = version > 0 ? [] :
        [
            new() { ["protocol"] = new JsonObject { ["minReaderVersion"] = 1, ["minWriterVersion"] = 2 } },
            new() { ["metaData"] = table },
        ];
        Directory.CreateDirectory(_folder.File("_delta_log"));
        await File.WriteAllLinesAsync(
            _folder.File($"_delta_log/{version:D20}.json"), first.Append(new() { ["add"] = add }).Select(action => action.ToJsonString()), Cancellation);
    }

    private static JsonObject Schema<TRow>(Dataset<TRow> dataset) => new()
    {
        ["type"] = "struct",
        ["fields"] = new JsonArray([.. dataset.Columns.Select(column => new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column switch { TimestampColumn<TRow> => "timestamp", CountColumn<TRow> => "long", _ => "string" },
            ["nullable"] = !column.Required,
            ["metadata"] = new JsonObject(),
        })]),
    };
}
