using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes and reads a dataset of few rows: one Parquet file for each run.</summary>
internal static class DatasetFile
{
    /// <summary>Rows per row group: as few as readers handle well, because a group is held in memory.</summary>
    private const int GroupSize = 16_384;

    /// <summary>Writes rows that are sorted as the dataset is. Holds at most one row group in memory.</summary>
    public static async Task WriteAsync<TRow>(
        Dataset<TRow> dataset, Stream output, RunStamp run, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        ParquetFileWriter<TRow> file = await ParquetFileWriter<TRow>.CreateAsync(
            dataset, output, FileMetadata.Of(run), cancellationToken);
        foreach (TRow[] group in rows.Chunk(GroupSize))
            await file.WriteRowGroupAsync(group, cancellationToken);
        await file.CompleteAsync();
    }

    /// <summary>Reads a file, one row group per batch.</summary>
    /// <param name="row">Makes a row from its columns.</param>
    /// <param name="isWanted">Whether a row group is read; null for all.</param>
    /// <exception cref="InvalidDataException">The content is not such a file. Exceptions of the stream itself pass unchanged.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<TRow>> ReadAsync<TRow>(
        Dataset<TRow> dataset, Stream content, Func<RowColumns, TRow> row, Func<ParquetFileReader<TRow>, int, bool>? isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ParquetFileReader<TRow> file = await ParquetFileReader<TRow>.OpenAsync(dataset, content, cancellationToken);
        for (int group = 0; group < file.GroupCount; group++)
        {
            if (isWanted?.Invoke(file, group) != false)
                yield return await ReadGroupAsync(dataset, file, group, row, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<TRow>> ReadGroupAsync<TRow>(
        Dataset<TRow> dataset, ParquetFileReader<TRow> file, int group, Func<RowColumns, TRow> row, CancellationToken cancellationToken)
    {
        int count = file.RowCount(group);
        RunStamp[] runs = await file.ReadRunsAsync(group, cancellationToken);
        Dictionary<string, Utf8Text[]> texts = [];
        Dictionary<string, long?[]> numbers = [];
        foreach (Column<TRow> column in dataset.Columns.Where(c => file.Has(c.Name)))
        {
            if (column is TextColumn<TRow>)
            {
                Utf8Text[] values = texts[column.Name] = new Utf8Text[count];
                await file.ReadTextAsync(group, column.Name, (i, v) => values[i] = v, cancellationToken);
            }
            else
            {
                long?[] values = numbers[column.Name] = new long?[count];
                await file.ReadLongsAsync(group, column.Name, (i, v) => values[i] = v, cancellationToken);
            }
        }

        return [.. runs.Select((run, i) => row(new RowColumns(run, i, texts, numbers)))];
    }
}

/// <summary>The columns of one row.</summary>
internal readonly record struct RowColumns(
    RunStamp Run, int Row, Dictionary<string, Utf8Text[]> Texts, Dictionary<string, long?[]> Numbers)
{
    /// <summary>Whether the file has a column.</summary>
    public bool Has(string column) => Texts.ContainsKey(column) || Numbers.ContainsKey(column);

    /// <summary>A text; none if the file lacks the column.</summary>
    public Utf8Text Bytes(string column) => Texts.TryGetValue(column, out Utf8Text[]? values) ? values[Row] : default;

    /// <inheritdoc cref="Bytes"/>
    public string? Text(string column) => Bytes(column).ToString();

    /// <summary>A time or a count; null if the file lacks the column.</summary>
    public long? Number(string column) => Numbers.TryGetValue(column, out long?[]? values) ? values[Row] : null;
}
