using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>Reads columns of one dataset's Parquet file in their stored form: text as UTF-8 bytes, times as microseconds. Reads only the
/// requested columns.</summary>
/// <remarks>All the library's exceptions for damaged bytes become <see cref="InvalidDataException"/>.</remarks>
internal sealed class ParquetFileReader<TRow>
{
    private readonly ContentStream _content;
    private readonly ParquetReader _reader;
    private readonly Dictionary<string, DataField> _fields;
    private readonly ColumnBuffers _buffers = new();

    private ParquetFileReader(ContentStream content, ParquetReader reader, Dictionary<string, DataField> fields)
    {
        _content = content;
        _reader = reader;
        _fields = fields;
        if (reader.CustomMetadata.TryGetValue(FileMetadata.SchemaVersion, out string? text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
            SchemaVersion = version;
    }

    public int GroupCount => _reader.RowGroupCount;

    private FileMetaData Footer => _reader.Metadata!;

    /// <summary>The rows of the whole file, and the sum over its row groups. They are equal in a sound file.</summary>
    public (long File, long Groups) Rows => (Footer.NumRows, Footer.RowGroups.Aggregate(0L, static (sum, g) => sum + g.NumRows));

    /// <summary>The schema version stated in the file; null if absent.</summary>
    public int? SchemaVersion { get; }

    /// <summary>Opens a file of the dataset for reading its rows.</summary>
    /// <exception cref="InvalidDataException">The file is not Parquet or does not match this dataset.</exception>
    public static async Task<ParquetFileReader<TRow>> OpenAsync(Dataset<TRow> dataset, Stream content, CancellationToken cancellationToken)
    {
        ParquetFileReader<TRow> file = await OpenAnyAsync(dataset, content, cancellationToken);
        IReadOnlyList<string> differences = file.Differences(dataset, file.SchemaVersion ?? Datasets.SchemaVersion);
        return differences.Count == 0 ? file : throw new InvalidDataException($"The file of dataset {dataset.Name} {differences[0]}.");
    }

    /// <summary>Opens a Parquet file that may have a different schema.</summary>
    /// <exception cref="InvalidDataException">The file is not Parquet.</exception>
    public static async Task<ParquetFileReader<TRow>> OpenAnyAsync(
        Dataset<TRow> dataset, Stream content, CancellationToken cancellationToken)
    {
        var watched = new ContentStream(content);
        try
        {
            ParquetReader reader = await ParquetReader.CreateAsync(watched, leaveStreamOpen: true, cancellationToken: cancellationToken);

            // Fields in physical types: otherwise the library would decode text to UTF-16 and times to DateTime.
            DataField[] fields = [
                .. dataset.Columns.Select(c => new DataField(c.Name, c is TextColumn<TRow> ? typeof(byte[]) : typeof(long), !c.Required))];
            return new ParquetFileReader<TRow>(watched, reader, new ParquetSchema(fields).DataFields.ToDictionary(f => f.Name));
        }
        catch (Exception e) when (watched.IsDamage(e))
        {
            throw new InvalidDataException($"The file is not a readable Parquet file: {e.Message}", e);
        }
    }

    /// <summary>How the file's columns differ from the dataset's in a schema version: predicates of sentences about the file.</summary>
    public IReadOnlyList<string> Differences(Dataset<TRow> dataset, int schemaVersion) =>
        FooterColumns.Differences(Footer, dataset, schemaVersion);

    public bool Has(string column) => Footer.Schema.Skip(1).Any(e => e.Name == column);

    /// <exception cref="InvalidDataException">The footer contradicts itself.</exception>
    public int RowCount(int group)
    {
        RowGroup rowGroup = Footer.RowGroups[group];
        return rowGroup.NumRows is >= 0 and <= int.MaxValue && rowGroup.Columns.All(c => c.MetaData?.NumValues == rowGroup.NumRows)
            ? (int)rowGroup.NumRows
            : throw new InvalidDataException(
                $"The columns of row group {group} do not all have the {rowGroup.NumRows} values that it should have.");
    }

    /// <summary>The uncompressed size of a row group's columns.</summary>
    public long ByteCount(int group) => Footer.RowGroups[group].TotalByteSize;

    /// <summary>Whether a row group may contain a text in a column, by the column's bounds in the footer.</summary>
    public bool MayHold(int group, string column, ReadOnlySpan<byte> text)
    {
        Statistics? bounds = Footer.RowGroups[group].Columns.Select(c => c.MetaData)
            .FirstOrDefault(m => m is { PathInSchema: [var name] } && name == column)?.Statistics;
        return bounds is not { MinValue: { } least, MaxValue: { } most }
            || (text.SequenceCompareTo(least) >= 0 && text.SequenceCompareTo(most) <= 0);
    }

    /// <summary>The bounds of a column over all row groups, by the footer: UTF-8 text, or 64-bit integers, little end first. Null if all
    /// values are null, or a row group tells no bounds.</summary>
    public (byte[] Least, byte[] Most)? BoundsOf(string column)
    {
        (byte[] Least, byte[] Most)? all = null;
        foreach (ColumnMetaData chunk in Footer.RowGroups.SelectMany(g => g.Columns).Select(c => c.MetaData!)
            .Where(m => m is { PathInSchema: [var name] } && name == column))
        {
            if (chunk.Statistics?.NullCount == chunk.NumValues)
                continue;
            if (chunk.Statistics is not { MinValue: { } least, MaxValue: { } most })
                return null;
            all = all is not var (min, max) ? (least, most) : (Compare(least, min) < 0 ? least : min, Compare(most, max) > 0 ? most : max);
        }

        return all;

        int Compare(byte[] one, byte[] other) => _fields[column].ClrType == typeof(long)
            ? BitConverter.ToInt64(one).CompareTo(BitConverter.ToInt64(other))
            : one.AsSpan().SequenceCompareTo(other);
    }

    /// <summary>Reads one text column of a row group. Calls <paramref name="set"/> for each value that is not null, with its row.</summary>
    public async Task ReadTextAsync(int group, string column, Action<int, Utf8Text> set, CancellationToken cancellationToken)
    {
        Memory<ReadOnlyMemory<byte>> values = _buffers.Bytes(RowCount(group));
        await ReadAsync(group, column, values, (i, v) => set(i, ToText(v)), cancellationToken);
        values.Span.Clear(); // The buffer must not keep the texts alive.
    }

    /// <summary>Same as <see cref="ReadTextAsync"/>, for times and counts.</summary>
    public Task ReadLongsAsync(int group, string column, Action<int, long> set, CancellationToken cancellationToken) =>
        ReadAsync(group, column, _buffers.Longs(RowCount(group)), set, cancellationToken);

    /// <summary>Reads the stamps of a row group's rows: one object for all rows of a run.</summary>
    public async Task<RunStamp[]> ReadRunsAsync(int group, CancellationToken cancellationToken)
    {
        var ids = new Utf8Text[RowCount(group)];
        var runs = new RunStamp[ids.Length];
        await ReadTextAsync(group, "run_id", (i, v) => ids[i] = v, cancellationToken);
        RunStamp? run = null;
        await ReadLongsAsync(group, "archived_at", (i, v) => runs[i] = run = RunStamp.Of(run, ids[i], v), cancellationToken);
        return runs;
    }

    private async Task ReadAsync<T>(int group, string column, Memory<T> values, Action<int, T> set, CancellationToken cancellationToken)
        where T : struct
    {
        cancellationToken.ThrowIfCancellationRequested();
        DataField field = _fields[column];
        // A plain null would become an empty memory.
        Memory<int>? levels = field.IsNullable ? _buffers.Levels(values.Length) : (Memory<int>?)null;
        try
        {
            await _reader.OpenRowGroupReader(group).ReadRawAsync(field, values, levels, repetitionLevels: null, cancellationToken);
            int value = 0;
            for (int row = 0; row < values.Length; row++)
            {
                if (levels is null || levels.Value.Span[row] == 1)
                    set(row, values.Span[value++]);
            }
        }
        catch (Exception e) when (_content.IsDamage(e) && e is not InvalidDataException)
        {
            throw new InvalidDataException($"Column {column} of row group {group} cannot be read: {e.Message}", e);
        }
    }

    private static Utf8Text ToText(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out ArraySegment<byte> bytes)
            ? new Utf8Text(bytes.Array!, bytes.Offset, bytes.Count)
            : Utf8Text.From(value.ToArray());
}
