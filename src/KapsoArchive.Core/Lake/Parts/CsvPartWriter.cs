using CsvHelper;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes messages as CSV for spreadsheets: RFC 4180, UTF-8 with a byte order mark, one header line. A text that a spreadsheet
/// would treat as a formula (it begins with <c>= + - @</c>, a tab or a line break) is prefixed with <c>'</c>. So is a phone number with a
/// plus sign, and a text that a spreadsheet would convert to a number and show differently (<see cref="SpreadsheetNumber"/>). A character
/// that affects a terminal or hides text is replaced with its picture or number (<see cref="VisibleText.InSheet"/>); Parquet and JSONL keep
/// the original. Null and empty text are equal.</summary>
internal sealed class CsvPartWriter : PartWriter
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

    /// <summary>Releases nothing: disposing the library's writer would complete an abandoned part.</summary>
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
