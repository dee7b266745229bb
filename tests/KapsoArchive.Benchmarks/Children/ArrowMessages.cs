using KapsoArchive.Core.Lake;
using ParquetSharp;
using MessageColumn = KapsoArchive.Core.Lake.Column<KapsoArchive.Core.Lake.MessageRow>;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>The messages dataset written by Arrow C++, in its physical types.</summary>
internal sealed class ArrowMessages : IDisposable
{
    private readonly ParquetFileWriter _file;

    public ArrowMessages(string path)
    {
        IReadOnlyList<MessageColumn> columns = Datasets.Messages.Columns;
        _file = ArrowFile.Create(path, [.. columns.Select(ArrowFile.Of)], columns.OfType<TextColumn<MessageRow>>().Where(c => c.Dictionary).Select(c => c.Name));
    }

    public void Write(IReadOnlyList<MessageRow> rows)
    {
        using var pinned = new PinnedTexts();
        using RowGroupWriter group = _file.AppendRowGroup();
        foreach (MessageColumn column in Datasets.Messages.Columns)
        {
            if (column is TextColumn<MessageRow> text)
                Write(group, rows, column.Required, r => text.Value(r) is { HasValue: true } value ? pinned.At(value.Memory) : (ByteArray?)null);
            else
                Write(group, rows, column.Required, column is CountColumn<MessageRow> count ? count.Value : ((TimestampColumn<MessageRow>)column).Micros);
        }

        group.Close();
    }

    public void Complete() => _file.Close();

    public void Dispose() => _file.Dispose();

    private static void Write<T>(RowGroupWriter group, IReadOnlyList<MessageRow> rows, bool required, Func<MessageRow, T?> value)
        where T : unmanaged
    {
        var values = new T[rows.Count];
        short[] levels = new short[rows.Count];
        int count = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (value(rows[i]) is not { } present)
                continue;
            levels[i] = 1;
            values[count++] = present;
        }

        using var column = (ColumnWriter<T>)group.NextColumn();
        if (required)
            column.WriteBatch(values);
        else
            column.WriteBatch(rows.Count, levels, [], values.AsSpan(0, count));
    }
}
