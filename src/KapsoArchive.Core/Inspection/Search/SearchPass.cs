using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Searches runs, newest first, on all processors. Remembers which messages newer runs have: older versions do not count.</summary>
internal sealed class SearchPass(MessageQuery query, NewestMatches found, CancellationToken cancellationToken)
{
    private readonly HashSet<(UInt128 Conversation, UInt128 Message)> _newer = [];

    /// <param name="hasOlder">Whether older runs follow.</param>
    public async Task ReadAsync(CommittedRun run, bool hasOlder)
    {
        foreach (ManifestFile part in run.MessageParts)
        {
            // JSONL can only be read as a whole; of Parquet, each worker reads other row groups.
            int workers = part.Dataset == Datasets.MessagesJsonl ? 1 : Environment.ProcessorCount;
            IEnumerable<(UInt128, UInt128)>[] keys = await Task.WhenAll(Enumerable.Range(0, workers).Select(
                worker => Task.Run(() => ReadAsync(run, part, worker, workers, hasOlder), cancellationToken)));
            foreach (IEnumerable<(UInt128, UInt128)> some in keys) // A run writes a message once, so its own keys may follow.
                _newer.UnionWith(some);
        }
    }

    private async Task<IEnumerable<(UInt128, UInt128)>> ReadAsync(
        CommittedRun run, ManifestFile part, int worker, int workers, bool hasOlder)
    {
        List<(UInt128, UInt128)> keys = [];
        var filter = new TextFilter(query.Text);
        await run.ReadPartAsync(
            part,
            async batch =>
            {
                if (batch.Number % workers == worker)
                    keys.AddRange(await ReadAsync(batch, filter, hasOlder));
            },
            cancellationToken);
        return keys;
    }

    private async Task<IEnumerable<(UInt128, UInt128)>> ReadAsync(MessageBatch batch, TextFilter filter, bool hasOlder)
    {
        SearchColumns columns = await SearchColumns.ReadAsync(batch, cancellationToken);
        int[] rows = [.. Enumerable.Range(0, batch.Count).Where(row => columns.MayMatch(row, query, filter))];
        if (rows.Length == 0 && !hasOlder)
            return [];
        Utf8Text[] conversations = await batch.TextAsync("conversation_id", cancellationToken);
        Utf8Text[] ids = await batch.TextAsync("id", cancellationToken);
        (UInt128, UInt128) KeyOf(int row) => (MessageKey.Of(conversations[row].Span), MessageKey.Of(ids[row].Span));
        foreach (int row in rows)
        {
            if (_newer.Contains(KeyOf(row)))
                continue;
            ChatMessage message = columns.Message(row, ids[row]);
            if (filter.IsIn(message))
                found.Add(conversations[row].ToString()!, message);
        }

        return hasOlder ? Enumerable.Range(0, ids.Length).Select(KeyOf) : [];
    }
}
