namespace KapsoArchive.Core.Lake;

/// <summary>Rows that wait to become a row group, in the order that they came until they are sorted.</summary>
public sealed class RowBuffer
{
    private readonly List<MessageRow> _rows = [];

    /// <summary>About what the rows held take uncompressed in a file.</summary>
    public long Bytes { get; private set; }

    public int Count => _rows.Count;

    public void Add(MessageRow row)
    {
        _rows.Add(row);
        Bytes += row.Length;
    }

    /// <summary>The rows by conversation_id, created_at, id, so that statistics let a reader skip whole row groups.</summary>
    public IReadOnlyList<MessageRow> Sorted()
    {
        _rows.Sort(Compare);
        return _rows;
    }

    public void Clear()
    {
        _rows.Clear();
        Bytes = 0;
    }

    private static int Compare(MessageRow a, MessageRow b)
    {
        int order = a.ConversationId.CompareTo(b.ConversationId);
        if (order == 0)
            order = (a.CreatedAt ?? long.MinValue).CompareTo(b.CreatedAt ?? long.MinValue);
        return order != 0 ? order : a.Id.CompareTo(b.Id);
    }
}
