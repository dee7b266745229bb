using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Tests.Hostile;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Exports;

/// <summary>The sheets of a workbook, read by a library that did not write them.</summary>
public sealed class WorkbookTests
{
    private static readonly string[] Altered =
    [
        "=1+1", "+14155550123", "-2", "@SUM(A1)", "\t=1+1", "=HYPERLINK(\"https://evil.example\",\"x\")", "＝1+1", "5215550001234567890123", "525550001234", "0155", "12e3", "1/2", "2026-03-01", "TRUE", "#N/A",
        "_x0041_", "a_x000D_b_x005F_", "  spaces  ", "Hola 😊 Pérez", "a\nb\tc", "https://evil.example/", "mailto:a@evil.example", "\u200f مرحبا",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_a_text_whatever_it_looks_like()
    {
        WorkbookFile file = await WriteAsync([.. Altered, .. Payloads.All]);

        file.Named("Messages").Select(r => r["content"]).ShouldBe([.. Altered, .. Payloads.All]);
        int position = Datasets.Messages.Columns.Index().Single(c => c.Item.Name == "position").Index;
        file.Cells().Where((_, i) => i % Datasets.Messages.Columns.Count != position && i >= Datasets.Messages.Columns.Count).ShouldAllBe(c => c.Value.Length == 0 || (string?)c.Attribute("t") == "inlineStr");
        string[] names = [.. file.Xml().SelectMany(d => d.Value.Descendants()).Select(e => e.Name.LocalName).Distinct()];
        names.ShouldNotContain("f", "a formula");
        names.ShouldNotContain("hyperlink");
        names.ShouldNotContain("externalReference");
    }

    [Fact]
    public async Task No_character_has_an_effect_and_the_XML_is_valid()
    {
        WorkbookFile file = await WriteAsync([.. Enumerable.Range(0, 0x20).Select(c => $"a{(char)c}b"), .. Acting.Characters.Select(c => $"a{c}b"), "a\ud800b", "a\uffffb", "a\r\nb\rc"]);

        List<string?> texts = [.. file.Named("Messages").Select(r => r["content"])];
        foreach (string? text in texts)
            text!.ShouldNotContain([.. Acting.Characters.Except(['\u200e', '\u200f', '\u061c'])]);
        texts[0x1b].ShouldBe("a␛b");
        texts[0].ShouldBe("a␀b");
        texts[^1].ShouldBe("a\nb\nc");
        texts.Count(t => t == "a[U+202E]b").ShouldBe(1);
    }

    [Fact]
    public async Task A_text_that_is_too_long_for_a_cell_is_cut_and_says_so()
    {
        WorkbookFile file = await WriteAsync([new string('x', 32_767), new string('y', 32_768), $"{new string('z', 32_720)}{string.Concat(Enumerable.Repeat("😊", 100))}", new string('_', 40_000)]);

        string[] texts = [.. file.Named("Messages").Select(r => r["content"]!)];
        texts.ShouldAllBe(t => t.Length <= 32_767);
        texts[0].ShouldBe(new string('x', 32_767));
        texts[1].ShouldEndWith("y … [cut: the text has 32,768 characters]");
        texts[2].ShouldEndWith("😊 … [cut: the text has 32,920 characters]");
        texts[3].ShouldEndWith("[cut: the text has 40,000 characters]");
    }

    [Fact]
    public async Task What_does_not_fit_on_a_sheet_is_left_for_the_next()
    {
        MessageRow[] rows = [.. Enumerable.Range(0, 25).Select(i => Rows.Flatten($$"""{"id":"m-{{i}}"}"""))];
        WorkbookFile file = await WriteAsync(async book =>
        {
            await using IAsyncEnumerator<MessageRow> left = rows.ToAsyncEnumerable().GetAsyncEnumerator(Cancellation);
            bool hasRow = await left.MoveNextAsync();
            for (int sheet = 1; hasRow; sheet++)
                hasRow = await book.WriteSheetAsync($"Sheet {sheet}", Datasets.Messages.Columns, left, hasRow, Cancellation);
        }, sheetRows: 11);

        file.Sheets.ShouldBe(["Sheet 1", "Sheet 2", "Sheet 3"]);
        file.Sheets.Select(s => file.Rows(s).Count).ShouldBe([11, 11, 6]);
        file.Sheets.SelectMany(s => file.Named(s)).Select(r => r["id"]).ShouldBe(rows.Select(r => r.Id.ToString()));
    }

    [Fact]
    public async Task The_header_stays_in_view_and_the_columns_are_wide()
    {
        WorkbookFile file = await WriteAsync(["a"]);

        var sheet = file.Xml()["xl/worksheets/sheet1.xml"];
        sheet.Descendants().Single(e => e.Name.LocalName == "pane").Attributes().ToDictionary(a => a.Name.LocalName, a => a.Value).ShouldContainKeyAndValue("ySplit", "1");
        sheet.Descendants().Single(e => e.Name.LocalName == "pane").Attribute("state")!.Value.ShouldBe("frozen");
        sheet.Descendants().Where(e => e.Name.LocalName == "col").Select(c => double.Parse(c.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ShouldAllBe(width => width >= 18);
    }

    [Theory]
    [InlineData(-12L, "-12", false)]
    [InlineData(999_999_999_999_999L, "999999999999999", false)]
    [InlineData(1_000_000_000_000_000L, "1000000000000000", true)]
    [InlineData(long.MinValue, "-9223372036854775808", true)]
    [InlineData(null, null, false)]
    public async Task A_count_is_a_number_as_long_as_a_spreadsheet_keeps_it(long? position, string? expected, bool isText)
    {
        MessageRow row = Rows.Flatten("""{"id":"1"}""");
        row.Position = position;
        WorkbookFile file = await WriteAsync(book => WriteAsync(book, [row]));

        file.Xml()["xl/worksheets/sheet1.xml"].Descendants().Where(e => e.Name.LocalName == "c").Skip(Datasets.Messages.Columns.Count)
            .ElementAt(Datasets.Messages.Columns.Index().Single(c => c.Item.Name == "position").Index).ShouldSatisfyAllConditions(
                cell => (cell.Value.Length == 0 ? null : cell.Value).ShouldBe(expected), cell => (cell.Attribute("t")?.Value == "inlineStr").ShouldBe(isText));
    }

    private static Task<WorkbookFile> WriteAsync(string[] contents) => WriteAsync(book => WriteAsync(book, [.. contents.Select((c, i) => RowOf(c, i))]));

    /// <summary>A row with the text, also one that no JSON can hold.</summary>
    private static MessageRow RowOf(string content, int number)
    {
        MessageRow row = Rows.Flatten($$"""{"id":"m-{{number}}"}""");
        row.Content = Utf8Text.From(content);
        return row;
    }

    private static async Task WriteAsync(Workbook book, MessageRow[] rows)
    {
        await using IAsyncEnumerator<MessageRow> all = rows.ToAsyncEnumerable().GetAsyncEnumerator(Cancellation);
        (await book.WriteSheetAsync("Messages", Datasets.Messages.Columns, all, await all.MoveNextAsync(), Cancellation)).ShouldBeFalse();
    }

    private static async Task<WorkbookFile> WriteAsync(Func<Workbook, Task> write, int sheetRows = 1_048_576)
    {
        using var output = new MemoryStream();
        await using (Workbook book = await Workbook.CreateAsync(output, Cancellation, sheetRows))
        {
            await write(book);
            await book.CompleteAsync(Cancellation);
        }

        return new WorkbookFile(output.ToArray());
    }
}
