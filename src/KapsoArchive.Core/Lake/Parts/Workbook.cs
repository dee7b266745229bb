using System.Text.RegularExpressions;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes rows as sheets of an xlsx workbook, row by row: a header that stays in view, wide columns, and cells that are text, so
/// that a spreadsheet changes no number and runs no formula. Counts are numbers. A text that is too long for a cell is cut and says so.
/// Characters that affect a reader are replaced with their picture or number (<see cref="VisibleText.Of"/>).</summary>
internal sealed partial class Workbook : IAsyncDisposable
{
    /// <summary>The most characters of a cell.</summary>
    private const int MostCharacters = 32_767;

    /// <summary>The largest number that a spreadsheet keeps: it has 15 digits.</summary>
    private const long LargestNumber = 999_999_999_999_999;

    private readonly Spreadsheet _book;
    private readonly int _sheetRows;
    private readonly StyleId _header;
    private readonly StyleId _text;
    private readonly StyleId _wrapped;

    private Workbook(Spreadsheet book, int sheetRows)
    {
        (_book, _sheetRows) = (book, sheetRows);
        NumberFormat text = NumberFormat.Standard(StandardNumberFormat.Text);
        _header = book.AddStyle(new Style { Format = text, Font = new Font { Bold = true } });
        _text = book.AddStyle(new Style { Format = text, Alignment = new Alignment { Vertical = VerticalAlignment.Top } });
        _wrapped = book.AddStyle(new Style
        {
            Format = text,
            Alignment = new Alignment { Vertical = VerticalAlignment.Top, WrapText = true },
        });
    }

    /// <summary>Begins a workbook on a stream, which the caller disposes.</summary>
    /// <param name="sheetRows">The most rows of a sheet, its header included.</param>
    public static async Task<Workbook> CreateAsync(Stream output, CancellationToken cancellationToken, int sheetRows = 1_048_576)
    {
        var options = new SpreadCheetahOptions { PreserveStringWhitespace = true };
        return new Workbook(await Spreadsheet.CreateNewAsync(output, options, cancellationToken), sheetRows);
    }

    /// <summary>Writes one sheet: as many rows as it can hold.</summary>
    /// <param name="rows">The rows; it stands on the next one to write.</param>
    /// <param name="hasRow">Whether there is a next one.</param>
    /// <returns>Whether rows are left.</returns>
    public async Task<bool> WriteSheetAsync<TRow>(
        string name, IReadOnlyList<Column<TRow>> columns, IAsyncEnumerator<TRow> rows, bool hasRow, CancellationToken cancellationToken)
    {
        var options = new WorksheetOptions { FrozenRows = 1 };
        for (int i = 0; i < columns.Count; i++)
            options.Column(i + 1).Width = WidthOf(columns[i].Name);
        await _book.StartWorksheetAsync(name, options, cancellationToken);
        await _book.AddHeaderRowAsync([.. columns.Select(c => c.Name)], _header, cancellationToken);
        var cells = new Cell[columns.Count];
        for (int written = 1; hasRow && written < _sheetRows; written++)
        {
            for (int i = 0; i < cells.Length; i++)
                cells[i] = CellOf(columns[i], rows.Current);
            await _book.AddRowAsync(cells, cancellationToken);
            hasRow = await rows.MoveNextAsync();
        }

        return hasRow;
    }

    public async Task CompleteAsync(CancellationToken cancellationToken) => await _book.FinishAsync(cancellationToken);

    public ValueTask DisposeAsync() => _book.DisposeAsync();

    private Cell CellOf<TRow>(Column<TRow> column, TRow row) => column switch
    {
        TextColumn<TRow> { Value: var text } => new Cell(InCell(text(row).ToString()), column.Name == "content" ? _wrapped : _text),
        TimestampColumn<TRow> { Micros: var time } => new Cell(time(row) is { } micros ? Timestamp.Canonical(micros) : null, _text),
        CountColumn<TRow> { Value: var count } => count(row) is { } number and (> LargestNumber or < -LargestNumber)
            ? new Cell(number.ToString(CultureInfo.InvariantCulture), _text)
            : new Cell(count(row)),
        _ => throw new InvalidOperationException($"Column {column.Name} has a kind that a workbook does not have."),
    };

    private static string? InCell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        string shown = VisibleText.Of(text.Contains('\r', StringComparison.Ordinal) ? text.ReplaceLineEndings("\n") : text);
        if (shown.Length > MostCharacters)
        {
            string cut = string.Create(CultureInfo.InvariantCulture, $" … [cut: the text has {shown.Length:N0} characters]");
            shown = VisibleText.Beginning(shown, MostCharacters - cut.Length) + cut;
        }

        return Escape().Replace(shown, "_x005F_");
    }

    private static double WidthOf(string column) => column switch
    {
        "content" => 80,
        "reason" or "contact_name" or "media_url" or "metadata" or "message_type_data" or "extra" => 40,
        "id" or "conversation_id" or "whatsapp_message_id" => 38,
        "created_at" or "updated_at" or "archived_at" or "last_active_at" or "run_id" => 28,
        _ => 18,
    };

    /// <summary>An underscore that a spreadsheet would take for the beginning of an escaped character.</summary>
    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
