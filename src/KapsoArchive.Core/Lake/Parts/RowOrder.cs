namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Sorts rows by conversation_id, created_at, position, id; null comes first. It compares adjacent numbers, so that comparisons do
/// not access the rows.</summary>
internal sealed class RowOrder
{
    private const int PlaceBits = 32;
    private const int TimeBits = 64;

    private readonly Dictionary<Utf8Text, uint> _conversations = [];
    private UInt128[] _keys = [];
    private MessageRow[] _sorted = [];

    /// <summary>The first <paramref name="count"/> rows in order, in an array that the next call reuses.</summary>
    public IReadOnlyList<MessageRow> Sort(IReadOnlyList<MessageRow> rows, int count)
    {
        if (_keys.Length < count)
            (_keys, _sorted) = (new UInt128[count], new MessageRow[count]);
        RankConversations(rows, count);
        SetKeys(rows, count);
        _keys.AsSpan(0, count).Sort();
        for (int i = 0; i < count; i++)
            _sorted[i] = rows[(int)(uint)_keys[i]];
        SortEqualTimes(count);
        return new ArraySegment<MessageRow>(_sorted, 0, count);
    }

    private void RankConversations(IReadOnlyList<MessageRow> rows, int count)
    {
        _conversations.Clear();
        Utf8Text last = default;
        for (int i = 0; i < count; i++)
        {
            if (rows[i].ConversationId != last)
                _conversations.TryAdd(last = rows[i].ConversationId, 0);
        }

        uint rank = 0;
        foreach (Utf8Text conversation in (Utf8Text[])[.. _conversations.Keys.Order()])
            _conversations[conversation] = rank++;
    }

    /// <summary>A key consists of the conversation's rank, the time and the row's index.</summary>
    private void SetKeys(IReadOnlyList<MessageRow> rows, int count)
    {
        Utf8Text conversation = default;
        uint rank = 0;
        for (int i = 0; i < count; i++)
        {
            MessageRow row = rows[i];
            if (row.ConversationId != conversation)
                (conversation, rank) = (row.ConversationId, _conversations[row.ConversationId]);
            // As an unsigned number with the order of the signed one.
            ulong time = (ulong)(row.CreatedAt ?? long.MinValue) ^ (1UL << (TimeBits - 1));
            _keys[i] = ((UInt128)rank << (TimeBits + PlaceBits)) | ((UInt128)time << PlaceBits) | (uint)i;
        }
    }

    /// <summary>Sorts the few adjacent rows with equal conversation and time by position, then by id.</summary>
    private void SortEqualTimes(int count)
    {
        for (int start = 0; start < count;)
        {
            int end = start + 1;
            while (end < count && _keys[end] >> PlaceBits == _keys[start] >> PlaceBits)
                end++;
            if (end - start > 1)
                _sorted.AsSpan(start, end - start).Sort(CompareInOneMoment);
            start = end;
        }
    }

    private static int CompareInOneMoment(MessageRow one, MessageRow other)
    {
        int order = Nullable.Compare(one.Position, other.Position);
        return order != 0 ? order : one.Id.CompareTo(other.Id);
    }
}
