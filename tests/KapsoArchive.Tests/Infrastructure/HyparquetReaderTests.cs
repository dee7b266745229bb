using System.Text.Json;
using ParquetSharp;

namespace KapsoArchive.Tests.Infrastructure;

public sealed class HyparquetReaderTests
{
    [Fact]
    public async Task Every_kind_of_value_comes_back_as_written()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("rows.parquet");
        Write(file);

        IReadOnlyList<JsonElement> rows = await HyparquetReader.ReadAsync(file, TestContext.Current.CancellationToken);

        rows.Count.ShouldBe(2);
        rows[0].GetProperty("text").GetString().ShouldBe("olá 👋");
        rows[0].GetProperty("number").GetString().ShouldBe("9007199254740993");
        rows[0].GetProperty("moment").GetString().ShouldBe("2026-11-22T02:00:00.123456Z");
        rows[1].GetProperty("text").ValueKind.ShouldBe(JsonValueKind.Null);
        rows[1].GetProperty("moment").GetString().ShouldBe("1969-12-31T23:59:59.999999Z");
    }

    [Fact]
    public async Task A_file_that_is_not_Parquet_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("rows.parquet");
        await File.WriteAllTextAsync(file, "not a Parquet file", TestContext.Current.CancellationToken);

        InvalidDataException exception = await Should.ThrowAsync<InvalidDataException>(
            HyparquetReader.ReadAsync(file, TestContext.Current.CancellationToken));

        exception.Message.ShouldContain("rows.parquet");
    }

    private static void Write(string file)
    {
        Column[] columns =
        [
            new Column<string?>("text"),
            new Column<long>("number"),
            new Column<DateTime>("moment", LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Micros)),
        ];
        DateTime[] moments = [new DateTime(2026, 11, 22, 2, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456), DateTime.UnixEpoch.AddMicroseconds(-1)];
        using ParquetFileWriter writer = new(file, columns, Compression.Zstd);
        using RowGroupWriter group = writer.AppendRowGroup();
        using (LogicalColumnWriter<string?> text = group.NextColumn().LogicalWriter<string?>())
            text.WriteBatch(["olá 👋", null]);
        using (LogicalColumnWriter<long> number = group.NextColumn().LogicalWriter<long>())
            number.WriteBatch([9007199254740993, -1]);
        using (LogicalColumnWriter<DateTime> moment = group.NextColumn().LogicalWriter<DateTime>())
            moment.WriteBatch(moments);
        writer.Close();
    }
}
