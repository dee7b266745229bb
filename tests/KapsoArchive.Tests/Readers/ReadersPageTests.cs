using KapsoArchive.Tests.Documents;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>The page about readers names every cell of the matrix that is not right.</summary>
public sealed class ReadersPageTests
{
    private const string Page = "docs/readers.md";
    private const string Begin = "<!-- cells -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public async Task The_table_has_every_cell_that_is_not_right()
    {
        string page = MarkdownPage.Of(Page).Text;
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, begin, StringComparison.Ordinal);

        await CheckedInText.ShouldBeAsync(Repository.File(Page), $"{page[..begin]}{Table()}{page[end..]}", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_page_states_how_many_kinds_there_are() =>
        MarkdownPage.Of(Page).Text.ShouldContain($"{RecordKinds.All.Count} kinds of record");

    private static string Table()
    {
        IEnumerable<string> rows = WrongCells.All.GroupBy(cell => (cell.Reader, cell.Reason))
            .Select(cells => $"| {cells.Key.Reader} | {string.Join("<br>", cells.Select(Shown))} | {cells.Key.Reason} |\n");
        return $"| reader | kind of record, and what the reader shows instead | reason |\n|---|---|---|\n{string.Concat(rows)}";
    }

    private static string Shown(WrongCell cell) => $"{cell.Kind}: {(cell.Shown == WrongCell.NoRow ? cell.Shown : $"`{cell.Shown}`")}";
}
