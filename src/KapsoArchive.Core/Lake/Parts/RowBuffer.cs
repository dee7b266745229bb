namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Collects rows for a row group. It copies them to memory that is reused for the next row group.</summary>
/// <param name="keepsRecords">Whether the rows keep <see cref="MessageRow.Record"/>, as JSONL requires. Parquet and CSV need only the
/// columns.</param>
public sealed class RowBuffer(bool keepsRecords)
{
    private readonly List<MessageRow> _rows = [];
    private readonly RowArenas _arenas = new(keepsRecords);
    private readonly RowOrder _order = new();

    /// <summary>The approximate uncompressed size of the rows in a file.</summary>
    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Add(MessageRow row)
    {
        if (Count == _rows.Count)
            _rows.Add(new MessageRow { Record = default, ConversationId = default, Run = row.Run });
        _rows[Count++].Take(row, _arenas);
        Bytes += row.Length;
    }

    /// <summary>The rows sorted by conversation_id, created_at, position, id, so that statistics let a reader skip whole row groups. Valid
    /// until <see cref="Clear"/>.</summary>
    public IReadOnlyList<MessageRow> Sorted() => _order.Sort(_rows, Count);

    public void Clear()
    {
        _arenas.Clear();
        Count = 0;
        Bytes = 0;
    }
}
