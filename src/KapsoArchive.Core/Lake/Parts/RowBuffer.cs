namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Rows that wait to become a row group, in the order that they came until they are sorted. They are copies, in room that is kept
/// for the next row group.</summary>
/// <param name="keepsRecords">Whether the rows keep <see cref="MessageRow.Record"/>, as JSONL needs; Parquet and CSV have enough in the
/// columns.</param>
public sealed class RowBuffer(bool keepsRecords)
{
    private readonly List<MessageRow> _rows = [];
    private readonly RowArenas _arenas = new(keepsRecords);
    private readonly RowOrder _order = new();

    /// <summary>About what the rows held take uncompressed in a file.</summary>
    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Add(MessageRow row)
    {
        if (Count == _rows.Count)
            _rows.Add(new MessageRow { Record = default, ConversationId = default, Run = row.Run });
        _rows[Count++].Take(row, _arenas);
        Bytes += row.Length;
    }

    /// <summary>The rows by conversation_id, created_at, position, id, so that statistics let a reader skip whole row groups. They are
    /// good until <see cref="Clear"/>.</summary>
    public IReadOnlyList<MessageRow> Sorted() => _order.Sort(_rows, Count);

    public void Clear()
    {
        _arenas.Clear();
        Count = 0;
        Bytes = 0;
    }
}
