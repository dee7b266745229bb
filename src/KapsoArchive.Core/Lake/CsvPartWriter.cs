using CsvHelper;

namespace KapsoArchive.Core.Lake;

/// <summary>
/// Writes messages as CSV for spreadsheets: RFC 4180, UTF-8 with a byte order mark, one header line. A text that a spreadsheet would take
/// for a formula (it begins with <c>= + - @</c>, a tab
/// or a line break) gets a <c>'</c> before it; so does a phone number with its plus sign, and a text that a spreadsheet would take for a
/// number and show as another text (<see cref="SpreadsheetNumber"/>). Null and the
/// empty text are the same.
/// </summary>
internal sealed class CsvPartWriter : PartWriter
{
    private static readonly CsvWriterOptions Options = new()
    {
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
        InjectionCharacters = "=+-@\t\r\n",
    };

    private readonly CsvWriter _csv;
    private bool _hasHeader;

    public CsvPartWriter(Stream output) => _csv = CsvWriter.Create(output, Options, leaveOpen: true);

    public override async Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(cancellationToken);
        foreach (MessageRow row in StrictRows.Of(rows))
        {
            foreach (Column<MessageRow> column in Datasets.Messages.Columns)
                Write(column, row);
            await _csv.EndRecordAsync(cancellationToken);
        }
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(cancellationToken);
        await _csv.FlushAsync(cancellationToken);
    }

    /// <summary>Nothing to release: disposing the library's writer would write what an abandoned part is to lose.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteHeaderAsync(CancellationToken cancellationToken)
    {
        if (_hasHeader)
            return;
        foreach (Column<MessageRow> column in Datasets.Messages.Columns)
            _csv.WriteField(column.Name);
        await _csv.EndRecordAsync(cancellationToken);
        _hasHeader = true;
    }

    private void Write(Column<MessageRow> column, MessageRow row)
    {
        switch (column)
        {
            case TimestampColumn<MessageRow> time:
                Span<byte> text = stackalloc byte[Timestamp.MaxLength];
                int length = time.Micros(row) is { } micros ? Timestamp.FormatCanonical(micros, text) : 0;
                _csv.WriteField(text[..length]);
                break;
            case TextColumn<MessageRow> { Value: var value }:
                WriteText(value(row).Span);
                break;
            case CountColumn<MessageRow> { Value: var number }:
                _csv.WriteField(number(row));
                break;
            default:
                throw new InvalidOperationException($"Column {column.Name} is of no kind that CSV has.");
        }
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        if (SpreadsheetNumber.IsAltered(text))
            _csv.WriteField([(byte)'\'', .. text]);
        else
            _csv.WriteField(text);
    }
}
