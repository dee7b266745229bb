using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Rows for tests, and their values as a reader should give them back.</summary>
internal static class Rows
{
    public static RunStamp Run { get; } = new("20261122T020000Z-0000abcd", new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero).AddMicroseconds(123456));

    public static MessageRow Flatten(string record, string conversationId = "conversation-1") => Flatten(Encoding.UTF8.GetBytes(record), conversationId);

    public static MessageRow Flatten(byte[] record, string conversationId = "conversation-1") =>
        new RecordFlattener(Utf8Text.From(conversationId), Run).Flatten(record, out string? rejection) ?? throw new InvalidOperationException(rejection);

    /// <summary>The values of all columns: text as strings, times as microseconds, counts as longs.</summary>
    public static object?[] Values<TRow>(Dataset<TRow> dataset, TRow row) => [.. dataset.Columns.Select(column => Value(column, row))];

    public static object? Value<TRow>(Column<TRow> column, TRow row) => column switch
    {
        TextColumn<TRow> text => text.Value(row).ToString(),
        TimestampColumn<TRow> time => time.Micros(row),
        CountColumn<TRow> count => count.Value(row),
        _ => throw new InvalidOperationException($"Column {column.Name} is of no known kind."),
    };

    /// <summary>Writes a part, one row group for each group of rows.</summary>
    public static async Task WritePartAsync(string file, PartFormat format, IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.Create(file);
        await WritePartAsync(stream, format, groups, cancellationToken);
    }

    /// <summary>As <see cref="WritePartAsync(string, PartFormat, IEnumerable{IReadOnlyList{MessageRow}}, CancellationToken)"/>, in memory.</summary>
    public static async Task<byte[]> PartAsync(PartFormat format, IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        await WritePartAsync(stream, format, groups, cancellationToken);
        return stream.ToArray();
    }

    public static IReadOnlyList<MessageRow> Sorted(IEnumerable<MessageRow> rows)
    {
        var buffer = new RowBuffer(keepsRecords: true);
        foreach (MessageRow row in rows)
            buffer.Add(row);
        return [.. buffer.Sorted()];
    }

    private static async Task WritePartAsync(Stream stream, PartFormat format, IEnumerable<IReadOnlyList<MessageRow>> groups, CancellationToken cancellationToken)
    {
        await using PartWriter writer = await PartWriter.CreateAsync(format, stream, Run, cancellationToken);
        foreach (IReadOnlyList<MessageRow> group in groups)
            await writer.WriteAsync(group, cancellationToken);
        await writer.CompleteAsync(cancellationToken);
    }
}
