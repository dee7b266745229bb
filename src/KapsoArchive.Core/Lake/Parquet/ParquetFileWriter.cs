using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>Writes rows of one dataset to a Parquet file: zstd at level 3, one row group per call. The file becomes valid only with <see
/// cref="CompleteAsync"/>. An abandoned writer leaves it truncated, on purpose.</summary>
internal sealed class ParquetFileWriter<TRow>
{
    private readonly Dataset<TRow> _dataset;
    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly List<ChunkStatistics[]> _statistics = [];
    private readonly ColumnBuffers _buffers = new();

    private ParquetFileWriter(Dataset<TRow> dataset, ParquetWriter writer, DataField[] fields)
    {
        _dataset = dataset;
        _writer = writer;
        _fields = fields;
    }

    public static async Task<ParquetFileWriter<TRow>> CreateAsync(
        Dataset<TRow> dataset, Stream output, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        DataField[] fields = [.. dataset.Columns.Select(ToField)];

        // The library's "Optimal" is zstd level 3. Its default is level 19, at sixty times the CPU time.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };
        foreach (Column<TRow> column in dataset.Columns)
        {
            if (column is TextColumn<TRow> { Dictionary: true })
                options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
        }

        ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), output, options, cancellationToken: cancellationToken);
        writer.CustomMetadata = metadata;
        return new ParquetFileWriter<TRow>(dataset, writer, fields);
    }

    /// <summary>Writes one row group. The rows must be in the dataset's order.</summary>
    public async Task WriteRowGroupAsync(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        var statistics = new ChunkStatistics[_fields.Length];
        using (ParquetRowGroupWriter group = _writer.CreateRowGroup())
        {
            for (int i = 0; i < _fields.Length; i++)
            {
                DataField field = _fields[i];
                statistics[i] = _dataset.Columns[i] switch
                {
                    TextColumn<TRow> { Dictionary: true } text =>
                        await WriteTextAsync(group, field, rows, text, _buffers.Chars(rows.Count), GatherInterned, cancellationToken),
                    TextColumn<TRow> text =>
                        await WriteTextAsync(group, field, rows, text, _buffers.Bytes(rows.Count), Gather, cancellationToken),
                    TimestampColumn<TRow> time => await WriteLongsAsync(group, field, rows, time.Micros, cancellationToken),
                    CountColumn<TRow> count => await WriteLongsAsync(group, field, rows, count.Value, cancellationToken),
                    var other => throw new InvalidOperationException($"Column {other.Name} has an unknown kind."),
                };
            }

            group.CompleteValidate();
        }

        _statistics.Add(statistics);
    }

    /// <summary>Writes the footer. Call it last.</summary>
    public async Task CompleteAsync()
    {
        FooterRepair.Apply(_writer, _dataset, _statistics);
        await _writer.DisposeAsync();
    }

    /// <summary>Physical types: the logical types are added to the footer at the end, so that the library cannot derive wrong statistics
    /// from them.</summary>
    private static DataField ToField(Column<TRow> column) => column switch
    {
        TextColumn<TRow> { Dictionary: true } => new DataField(column.Name, typeof(string), !column.Required),
        TextColumn<TRow> => new DataField(column.Name, typeof(byte[]), !column.Required),
        _ => new DataField(column.Name, typeof(long), !column.Required),
    };

    private async Task<ChunkStatistics> WriteTextAsync<T>(
        ParquetRowGroupWriter group, DataField field, IReadOnlyList<TRow> rows, TextColumn<TRow> column, Memory<T> values,
        TextGatherer<T> gather, CancellationToken cancellationToken)
        where T : struct
    {
        Memory<int> levels = _buffers.Levels(rows.Count);
        var bounds = default(TextBounds);
        int count = gather(rows, column, values.Span, levels.Span, ref bounds);
        await group.WriteAllPartsAsync<T>(field, values[..count], Nullable(field, levels), null, cancellationToken);
        values.Span.Clear(); // The buffer must not keep the records alive.
        return ChunkStatistics.Of(rows.Count - count, bounds);
    }

    private async Task<ChunkStatistics> WriteLongsAsync(
        ParquetRowGroupWriter group, DataField field, IReadOnlyList<TRow> rows, Func<TRow, long?> value,
        CancellationToken cancellationToken)
    {
        Memory<long> values = _buffers.Longs(rows.Count);
        Memory<int> levels = _buffers.Levels(rows.Count);
        int count = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            long? number = value(rows[i]);
            levels.Span[i] = number is null ? 0 : 1;
            if (number is not null)
                values.Span[count++] = number.Value;
        }

        await group.WriteAllPartsAsync<long>(field, values[..count], Nullable(field, levels), null, cancellationToken);
        return ChunkStatistics.Of(values.Span[..count], rows.Count - count);
    }

    /// <summary>Collects a column's non-null values, its definition levels and its bounds.</summary>
    /// <returns>The number of values.</returns>
    private delegate int TextGatherer<T>(
        IReadOnlyList<TRow> rows, TextColumn<TRow> column, Span<T> values, Span<int> levels, ref TextBounds bounds);

    private static int Gather(
        IReadOnlyList<TRow> rows, TextColumn<TRow> column, Span<ReadOnlyMemory<byte>> values, Span<int> levels, ref TextBounds bounds)
    {
        int count = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            Utf8Text text = column.Value(rows[i]);
            levels[i] = text.HasValue ? 1 : 0;
            if (!text.HasValue)
                continue;
            bounds.Add(text);
            values[count++] = text.Memory;
        }

        return count;
    }

    /// <summary>Same as <see cref="Gather"/>, for a column with few distinct values: decodes each value and compares it with the bounds
    /// only once.</summary>
    private int GatherInterned(
        IReadOnlyList<TRow> rows, TextColumn<TRow> column, Span<ReadOnlyMemory<char>> values, Span<int> levels, ref TextBounds bounds)
    {
        Dictionary<Utf8Text, ReadOnlyMemory<char>> interned = _buffers.Interned();
        Utf8Text last = default;
        ReadOnlyMemory<char> chars = default;
        int count = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            Utf8Text text = column.Value(rows[i]);
            levels[i] = text.HasValue ? 1 : 0;
            if (!text.HasValue)
                continue;
            if (text != last)
            {
                if (!interned.TryGetValue(text, out chars))
                {
                    interned.Add(text, chars = text.ToString().AsMemory());
                    bounds.Add(text);
                }

                last = text; // Adjacent values are often equal, and a comparison is cheaper than a hash.
            }

            values[count++] = chars;
        }

        return count;
    }

    private static ReadOnlyMemory<int>? Nullable(DataField field, Memory<int> levels) =>
        field.IsNullable ? levels : (ReadOnlyMemory<int>?)null;
}
