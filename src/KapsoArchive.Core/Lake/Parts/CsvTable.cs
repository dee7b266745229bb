using CsvHelper;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes rows of a dataset as CSV for spreadsheets: RFC 4180, UTF-8 with a byte order mark, one header line. A text that a
/// spreadsheet would treat as a formula (it begins with <c>= + - @</c>, a tab or a line break) is prefixed with <c>'</c>. So is a phone
/// number with a plus sign, and a text that a spreadsheet would convert to a number and show differently (<see cref="SpreadsheetNumber"/>).
/// A character that affects a terminal or hides text is replaced with its picture or number (<see cref="VisibleText.InSheet"/>); Parquet and
/// JSONL keep the original. Null and empty text are equal.</summary>
internal sealed class CsvTable<TRow>
{
    private static readonly CsvWriterOptions Options = new()
    {
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
        InjectionCharacters = "=+-@\t\r\n",
    };

    /// <summary>The first UTF-8 bytes of characters that <see cref="VisibleText"/> hides. Other characters may start with them
    /// too.</summary>
    private static readonly SearchValues<byte> Suspect = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b).Except([(byte)'\t', (byte)'\n', (byte)'\r']), 0x7F, 0xC2, 0xE2, 0xEF,
            .. Enumerable.Range(0xF0, 5).Select(b => (byte)b)]);

    /// <summary>Some spreadsheets treat the full-width forms like the ASCII signs.</summary>
    private static readonly byte[][] WideSigns = [[.. "＝"u8], [.. "＋"u8], [.. "－"u8], [.. "＠"u8]];

    private readonly Dataset<TRow> _dataset;
    private readonly CsvWriter _csv;
    private bool _hasHeader;

    /// <summary>Begins a table on a stream, which the caller disposes. It needs no disposal: that of the library's writer would complete an
    /// abandoned file.</summary>
    public CsvTable(Dataset<TRow> dataset, Stream output) =>
        (_dataset, _csv) = (dataset, CsvWriter.Create(output, Options, leaveOpen: true));

    public async Task WriteAsync(IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(cancellationToken);
        foreach (TRow row in rows)
        {
            foreach (Column<TRow> column in _dataset.Columns)
                Write(column, row);
            await _csv.EndRecordAsync(cancellationToken);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(cancellationToken);
        await _csv.FlushAsync(cancellationToken);
    }

    private async Task WriteHeaderAsync(CancellationToken cancellationToken)
    {
        if (_hasHeader)
            return;
        foreach (Column<TRow> column in _dataset.Columns)
            _csv.WriteField(column.Name);
        await _csv.EndRecordAsync(cancellationToken);
        _hasHeader = true;
    }

    private void Write(Column<TRow> column, TRow row)
    {
        switch (column)
        {
            case TimestampColumn<TRow> time:
                Span<byte> text = stackalloc byte[Timestamp.MaxLength];
                int length = time.Micros(row) is { } micros ? Timestamp.FormatCanonical(micros, text) : 0;
                _csv.WriteField(text[..length]);
                break;
            case TextColumn<TRow> { Value: var value }:
                WriteText(value(row).Span);
                break;
            case CountColumn<TRow> { Value: var number }:
                _csv.WriteField(number(row));
                break;
            default:
                throw new InvalidOperationException($"Column {column.Name} has a kind that CSV does not have.");
        }
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Suspect))
            text = Encoding.UTF8.GetBytes(VisibleText.InSheet(Encoding.UTF8.GetString(text)));
        if (SpreadsheetNumber.IsAltered(text) || IsWideFormula(text))
            _csv.WriteField([(byte)'\'', .. text]);
        else
            _csv.WriteField(text);
    }

    private static bool IsWideFormula(ReadOnlySpan<byte> text)
    {
        foreach (byte[] sign in WideSigns)
        {
            if (text.StartsWith(sign))
                return true;
        }

        return false;
    }
}
