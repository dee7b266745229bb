using KapsoArchive.Tests.Infrastructure;
using Parquet;
using Parquet.Schema;

namespace KapsoArchive.Tests.Lake;

/// <summary>The faults of Parquet.Net that FooterRepair is there for. When one of these fails, a newer version has mended it: see what of the repair can go.</summary>
public sealed class ParquetNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDb _duck = new();

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ParquetNet_still_orders_text_by_UTF_16()
    {
        var field = new DataField("text", typeof(string), isNullable: false);
        string file = await WriteAsync(field, (group, token) => group.WriteAsync<ReadOnlyMemory<char>>(field, new[] { "a😊".AsMemory(), "a～".AsMemory() }, cancellationToken: token));

        _duck.Rows($"SELECT stats_max_value FROM parquet_metadata('{file}')").Single()[0].ShouldBe("a～");
    }

    [Fact]
    public async Task ParquetNet_still_encodes_microsecond_bounds_as_milliseconds()
    {
        var field = new DateTimeDataField("time", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: false);
        DateTime time = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        string file = await WriteAsync(field, (group, token) => group.WriteAsync<DateTime>(field, new[] { time }, cancellationToken: token));

        _duck.Rows($"SELECT stats_max_value FROM parquet_metadata('{file}')").Single()[0].ShouldNotBe("2026-03-01 00:00:00+00");
    }

    private async Task<string> WriteAsync(DataField field, Func<ParquetRowGroupWriter, CancellationToken, Task> write)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string file = _folder.File("part.parquet");
        await using FileStream stream = File.Create(file);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), stream, cancellationToken: cancellationToken);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await write(group, cancellationToken);
        return file;
    }
}
