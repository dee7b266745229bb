using System.IO.Compression;
using System.Text.Encodings.Web;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes a run's conversations dataset: one file, sorted by conversation.</summary>
public static class ConversationsWriter
{
    /// <summary>Writes rows that are sorted by id as UTF-8. Holds at most one row group in memory.</summary>
    /// <param name="format">Parquet, or for an export CSV or JSON lines.</param>
    public static Task WriteSortedAsync(
        PartFormat format, Stream output, RunStamp run, IEnumerable<ConversationRow> rows, CancellationToken cancellationToken) =>
        format switch
        {
            PartFormat.Parquet => DatasetFile.WriteAsync(Datasets.Conversations, output, run, rows, cancellationToken),
            PartFormat.Jsonl => WriteLinesAsync(output, rows, cancellationToken),
            PartFormat.Csv => WriteTableAsync(output, rows, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
        };

    private static async Task WriteTableAsync(Stream output, IEnumerable<ConversationRow> rows, CancellationToken cancellationToken)
    {
        var table = new CsvTable<ConversationRow>(Datasets.Conversations, output);
        await table.WriteAsync(rows, cancellationToken);
        await table.CompleteAsync(cancellationToken);
    }

    private static async Task WriteLinesAsync(Stream output, IEnumerable<ConversationRow> rows, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        var line = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(
            line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (ConversationRow row in rows)
        {
            WriteLine(row, json);
            await json.FlushAsync(cancellationToken);
            line.Write("\n"u8);
            await gzip.WriteAsync(line.WrittenMemory, cancellationToken);
            line.ResetWrittenCount();
            json.Reset();
        }
    }

    /// <summary>Writes an object with a member for each column: the value that Parquet has.</summary>
    private static void WriteLine(ConversationRow row, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (Column<ConversationRow> column in Datasets.Conversations.Columns)
        {
            json.WritePropertyName(column.Name);
            switch (column)
            {
                case TextColumn<ConversationRow> { Value: var text } when text(row) is { HasValue: true } value:
                    json.WriteStringValue(value.Span);
                    break;
                case CountColumn<ConversationRow> { Value: var count } when count(row) is { } number:
                    json.WriteNumberValue(number);
                    break;
                case TimestampColumn<ConversationRow> { Micros: var time } when time(row) is { } micros:
                    json.WriteStringValue(Timestamp.Canonical(micros));
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndObject();
    }
}
