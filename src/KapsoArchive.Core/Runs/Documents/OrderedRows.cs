using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Reads messages in the order of their places, which may be scattered over many parts. As many as fit into memory are read at a
/// time, each row group once.</summary>
internal sealed class OrderedRows(PartSet parts)
{
    public const int MostRows = 20_000;
    public const long MostBytes = 24 << 20;

    private readonly RowArenas _arenas = new(keepsRecords: false);

    /// <param name="wanted">The places of each conversation.</param>
    /// <returns>The rows, each with its conversation. A row is valid until the next one is asked for.</returns>
    public async IAsyncEnumerable<(ConversationRow Conversation, MessageRow Row)> ReadAsync(
        IEnumerable<(ConversationRow Conversation, MessagePlace Place)> wanted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<(ConversationRow Conversation, MessagePlace Place)> some = [];
        long bytes = 0;
        foreach ((ConversationRow Conversation, MessagePlace Place) next in wanted)
        {
            some.Add(next);
            bytes += parts[next.Place.Group].BytesPerRow;
            if (some.Count < MostRows && bytes < MostBytes)
                continue;
            await foreach (var found in ReadSomeAsync(some, cancellationToken))
                yield return found;
            some.Clear();
            bytes = 0;
        }

        await foreach (var found in ReadSomeAsync(some, cancellationToken))
            yield return found;
    }

    private async IAsyncEnumerable<(ConversationRow, MessageRow)> ReadSomeAsync(
        List<(ConversationRow Conversation, MessagePlace Place)> some, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _arenas.Clear();
        var rows = new MessageRow[some.Count];
        foreach (var group in Enumerable.Range(0, rows.Length).ToLookup(i => some[i].Place.Group))
        {
            IReadOnlyList<MessageRow> stored = await parts.ReadAsync(group.Key, cancellationToken);
            foreach (int i in group)
            {
                MessageRow row = stored[some[i].Place.Row];
                rows[i] = new MessageRow { Record = default, ConversationId = default, Run = row.Run };
                rows[i].Take(row, _arenas); // A copy: the memory of the group is freed.
                rows[i].ConversationId = Utf8Text.From(some[i].Conversation.ConversationId);
            }
        }

        for (int i = 0; i < rows.Length; i++)
            yield return (some[i].Conversation, rows[i]);
    }
}
