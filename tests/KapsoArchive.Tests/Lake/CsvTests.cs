using System.Globalization;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Text;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Part => _folder.File("part.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DuckDB_reads_the_same_rows()
    {
        MessageRow[] rows = [.. StrictRows.Of([.. SandboxSamples.Records.Select(r => r.ToArray()).Concat(OddValues.Records).Select(r => Rows.Flatten(r))])];
        await WriteAsync(rows);
        using var duck = new DuckDb();

        duck.Rows($"SELECT id, created_at, content, extra FROM read_csv('{Part}', header = true, all_varchar = true, quote = '\"', escape = '\"', strict_mode = true, nullstr = '')")
            .Select(r => $"{r[0]}|{r[1]}|{r[2]}|{r[3]}")
            .ShouldBe(rows.Select(r => $"{VisibleText.InSheet(r.Id.ToString())}|{Time(r.CreatedAt)}|{Escaped(r.Content)}|{VisibleText.InSheet(r.Extra.ToString())}"));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+14155550123", "'+14155550123")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a \"quoted\", b\r\nand a line", "a \"quoted\", b\r\nand a line")]
    [InlineData("Hola 😊", "Hola 😊")]
    [InlineData("5215550001234567890123", "'5215550001234567890123")]
    [InlineData("525550001234", "'525550001234")]
    [InlineData("55500012345", "55500012345")]
    [InlineData("0155", "'0155")]
    [InlineData("0", "0")]
    [InlineData("0.5", "0.5")]
    [InlineData("1234567890123.50", "'1234567890123.50")]
    [InlineData("12e3", "'12e3")]
    [InlineData("12 apples", "12 apples")]
    [InlineData("", "")]
    public async Task A_text_that_looks_like_a_formula_is_exported_as_text(string content, string expected)
    {
        await WriteAsync([Rows.Flatten($$"""{"id":"1","content":{{System.Text.Json.JsonSerializer.Serialize(content)}}}""")]);

        List<string[]> lines = Rfc4180.Read(await File.ReadAllTextAsync(Part, TestContext.Current.CancellationToken));
        lines.Count.ShouldBe(2);
        lines[0].ShouldBe(Datasets.Messages.Columns.Select(c => c.Name));
        lines[1][Array.IndexOf(lines[0], "content")].ShouldBe(expected);
    }

    [Theory]
    [InlineData(-12L, "-12")]
    [InlineData(0L, "0")]
    [InlineData(1234567L, "1234567")]
    [InlineData(null, "")]
    public async Task A_position_is_a_number_that_a_spreadsheet_can_sort(long? position, string expected)
    {
        MessageRow row = Rows.Flatten("""{"id":"1"}""");
        row.Position = position;
        await WriteAsync([row]);

        List<string[]> lines = Rfc4180.Read(await File.ReadAllTextAsync(Part, TestContext.Current.CancellationToken));
        lines[1][Array.IndexOf(lines[0], "position")].ShouldBe(expected);
    }

    [Fact]
    public async Task A_file_without_rows_has_its_header()
    {
        await Rows.WritePartAsync(Part, PartFormat.Csv, [], TestContext.Current.CancellationToken);

        Rfc4180.Read(await File.ReadAllTextAsync(Part, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().ShouldBe(Datasets.Messages.Columns.Select(c => c.Name));
        using var duck = new DuckDb();
        duck.Count($"SELECT count(id) FROM read_csv('{Part}', header = true)").ShouldBe(0);
    }

    [Fact]
    public async Task It_begins_with_a_byte_order_mark_and_its_lines_end_with_CRLF()
    {
        await WriteAsync([Rows.Flatten("""{"id":"1"}""")]);

        byte[] bytes = await File.ReadAllBytesAsync(Part, TestContext.Current.CancellationToken);
        bytes[..3].ShouldBe(Encoding.UTF8.Preamble.ToArray());
        Encoding.UTF8.GetString(bytes).Split("\r\n").Length.ShouldBe(3);
        bytes.Count(b => b == '\n').ShouldBe(2);
    }

    private static string Time(long? micros) => micros is null ? "" : Timestamp.FromMicros(micros.Value).ToString(micros % 1_000_000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : micros % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Escaped(Utf8Text text) => text.ToString() is { Length: > 0 } value ? ("=+-@\t\r\n".Contains(value[0]) || SpreadsheetNumber.IsAltered(text.Span) ? "'" + value : VisibleText.InSheet(value)) : "";

    private async Task WriteAsync(MessageRow[] rows)
    {
        await using FileStream file = File.Create(Part);
        await using PartWriter writer = await PartWriter.CreateAsync(PartFormat.Csv, file, Rows.Run, TestContext.Current.CancellationToken);
        await writer.WriteAsync(rows, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
    }
}
