using System.Globalization;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

/// <summary>Engines that share no code with the writer, and none with each other, must read the same values from what was
/// written.</summary>
public sealed class ParquetReadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Part => _folder.File("part.parquet");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DuckDB_and_Arrow_and_hyparquet_read_every_value_of_every_sample()
    {
        IReadOnlyList<MessageRow> rows = Rows.Sorted(SandboxSamples.Records.Select(r => Rows.Flatten(r.ToArray())));
        await Rows.WritePartAsync(Part, PartFormat.Parquet, [rows], Cancellation);

        await ShouldReadAsync(Datasets.Messages, StrictRows.Of(rows));
    }

    [Fact]
    public async Task They_read_every_hostile_value_across_several_row_groups()
    {
        IReadOnlyList<MessageRow> rows = HostileMessages.Create(1_000);
        List<IReadOnlyList<MessageRow>> groups = [.. rows.Chunk(300).Select(Rows.Sorted)];
        await Rows.WritePartAsync(Part, PartFormat.Parquet, groups, Cancellation);

        await ShouldReadAsync(Datasets.Messages, [.. groups.SelectMany(g => g)]);
    }

    [Fact]
    public async Task They_read_the_row_of_a_removed_message()
    {
        MessageRow removed = MessageRow.Removed(Utf8Text.From("a😊"), Utf8Text.From("gone\n😊"), Rows.Run);
        IReadOnlyList<MessageRow> rows = Rows.Sorted([removed, .. HostileMessages.Create(3)]);
        await Rows.WritePartAsync(Part, PartFormat.Parquet, [rows, [removed]], Cancellation);

        Rows.Values(Datasets.Messages, removed).OfType<object>().ShouldBe(["a😊", "gone\n😊", "removed", 1795312800123456L, Rows.Run.RunId], "all other columns are null");
        await ShouldReadAsync(Datasets.Messages, [.. rows, removed]);
    }

    [Fact]
    public async Task They_read_every_value_of_the_conversations_dataset()
    {
        ConversationRow[] rows =
        [
            new() { ConversationId = "a\uE000", Run = Rows.Run, Outcome = ConversationOutcome.Complete, ReportedCount = 3, DistinctCount = 3, Added = 3, Pages = 1, Sweeps = 1, Sweep = SweepKind.Head },
            new()
            {
                ConversationId = "a😊", Run = Rows.Run, Outcome = ConversationOutcome.Incomplete, Reason = "read 1, but the source counts 2", PhoneNumber = "+1", ContactName = "Zoë 😊",
                Status = "active", LastActiveAt = 1_772_359_267_793_001, ReportedCount = 2, DistinctCount = 1, Added = 1, Changed = 2, Removed = 3, Rejected = 4, Pages = 5, Sweeps = 6, Sweep = SweepKind.Full,
            },
            new() { ConversationId = "b", Run = Rows.Run, Outcome = ConversationOutcome.Gone },
            new() { ConversationId = "c", Run = Rows.Run, Outcome = ConversationOutcome.Failed, Reason = "not found" },
        ];
        await using (FileStream stream = File.Create(Part))
            await Unsorted.WriteAsync(stream, Rows.Run, rows.Reverse(), Cancellation);

        await ShouldReadAsync(Datasets.Conversations, rows);
    }

    [Fact]
    public async Task A_file_without_conversations_is_read_as_empty()
    {
        await using (FileStream stream = File.Create(Part))
            await Unsorted.WriteAsync(stream, Rows.Run, [], Cancellation);

        await ShouldReadAsync(Datasets.Conversations, []);
    }

    [Fact]
    public async Task The_file_states_its_run_schema_version_and_sort_order()
    {
        await Rows.WritePartAsync(Part, PartFormat.Parquet, [Rows.Sorted(HostileMessages.Create(10))], Cancellation);

        using var reader = new ParquetSharp.ParquetFileReader(Part);
        reader.FileMetaData.KeyValueMetadata["kapsoarchive.run_id"].ShouldBe(Rows.Run.RunId);
        reader.FileMetaData.KeyValueMetadata["kapsoarchive.schema_version"].ShouldBe($"{Datasets.SchemaVersion}");
        reader.RowGroup(0).MetaData.SortingColumns().Select(c => c.ColumnIndex).ShouldBe(Datasets.Messages.SortedBy);
        reader.RowGroup(0).MetaData.GetColumnChunkMetaData(0).Compression.ShouldBe(ParquetSharp.Compression.Zstd);
    }

    [Fact]
    public async Task Rows_are_in_the_declared_order()
    {
        var random = new Random(20261126);
        MessageRow[] rows = [.. Enumerable.Range(0, 3_000).Select(i => Rows.Flatten($$"""{"id":"{{random.Next(100_000)}}-{{i}}"}""", $"c{random.Next(4)}"))];
        foreach (MessageRow row in rows)
            (row.CreatedAt, row.Position) = (random.Next(4) == 0 ? null : random.Next(5), random.Next(4) == 0 ? null : random.Next(-5, 5));
        await Rows.WritePartAsync(Part, PartFormat.Parquet, [.. rows.Chunk(1_000).Select(Rows.Sorted)], Cancellation);

        using var reader = new ParquetSharp.ParquetFileReader(Part);
        using var duck = new DuckDb();
        for (int group = 0; group < 3; group++)
        {
            IEnumerable<string> columns = reader.RowGroup(group).MetaData.SortingColumns()
                .Select(c => $"{Datasets.Messages.Columns[c.ColumnIndex].Name} {(c.IsDescending ? "DESC" : "ASC")} NULLS {(c.NullsFirst ? "FIRST" : "LAST")}");
            string lying = $"SELECT file_row_number AS n FROM read_parquet('{Part}', file_row_number = true) WHERE file_row_number // 1000 = {group} ORDER BY {string.Join(", ", columns)}";
            duck.Rows(lying).Select(r => (long)r[0]!).ShouldBe(Enumerable.Range(group * 1_000, 1_000).Select(n => (long)n), $"row group {group}");
        }
    }

    [Fact]
    public async Task Columns_have_their_contracted_types()
    {
        await Rows.WritePartAsync(Part, PartFormat.Parquet, [Rows.Sorted(HostileMessages.Create(10))], Cancellation);

        using var duck = new DuckDb();
        duck.Rows($"SELECT name, coalesce(type, ''), repetition_type, coalesce(logical_type, '') FROM parquet_schema('{Part}') WHERE num_children IS NULL")
            .Select(r => string.Join(' ', r))
            .ShouldBe(Datasets.Messages.Columns.Select(c => $"{c.Name} " + c switch
            {
                TimestampColumn<MessageRow> => $"INT64 {Nullability(c)} TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>))",
                CountColumn<MessageRow> => $"INT64 {Nullability(c)} IntType(bitWidth=@, isSigned=1)", // DuckDB prints the byte 64 as a character.
                _ => $"BYTE_ARRAY {Nullability(c)} StringType()",
            }));

        static string Nullability(Column<MessageRow> column) => column.Required ? "REQUIRED" : "OPTIONAL";
    }

    private async Task ShouldReadAsync<TRow>(Dataset<TRow> dataset, IReadOnlyList<TRow> rows)
    {
        IReadOnlyList<object?[]> expected = [.. rows.Select(r => Rows.Values(dataset, r))];
        ShouldBe(ReadWithDuckDb(dataset), expected, "DuckDB");
        ShouldBe(await ArrowReader.ReadAsync(Part, Cancellation), expected, "Arrow");
        ShouldBe(await ReadWithHyparquetAsync(dataset), expected, "hyparquet");
    }

    private IReadOnlyList<object?[]> ReadWithDuckDb<TRow>(Dataset<TRow> dataset)
    {
        using var duck = new DuckDb();
        IEnumerable<string> columns = dataset.Columns.Select(c => c is TimestampColumn<TRow> ? $"epoch_us({c.Name})" : c.Name);
        return duck.Rows($"SELECT {string.Join(", ", columns)} FROM read_parquet('{Part}', file_row_number = true) ORDER BY file_row_number");
    }

    private async Task<IReadOnlyList<object?[]>> ReadWithHyparquetAsync<TRow>(Dataset<TRow> dataset)
    {
        List<object?[]> rows = [];
        foreach (JsonElement row in await HyparquetReader.ReadAsync(Part, Cancellation))
            rows.Add([.. dataset.Columns.Select(c => FromHyparquet(c, row))]);
        return rows;
    }

    private static object? FromHyparquet<TRow>(Column<TRow> column, JsonElement row)
    {
        if (!row.TryGetProperty(column.Name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return column switch
        {
            TimestampColumn<TRow> => Timestamp.ToMicros(DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture)),
            CountColumn<TRow> => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            _ => value.GetString(),
        };
    }

    private static void ShouldBe(IReadOnlyList<object?[]> actual, IReadOnlyList<object?[]> expected, string reader)
    {
        actual.Count.ShouldBe(expected.Count, reader);
        for (int i = 0; i < expected.Count; i++)
            actual[i].ShouldBe(expected[i], $"{reader}, row {i}");
    }
}
