namespace KapsoArchive.Core.Index;

/// <summary>Reads the leaves that a run has changed, in their order and ahead of the writer, within the bounds of <see
/// cref="LeafUploads"/>. A leaf that it does not expect is read when it is needed.</summary>
/// <param name="visits">As in <see cref="IndexUpdate"/>.</param>
internal sealed class LeavesAhead(ArchiveIndex index, IEnumerable<ConversationVisit> visits) : IAsyncDisposable
{
    private readonly CatalogConversations _known = index.Catalog.Conversations;
    private readonly IEnumerator<int> _expected = Changed(index.Catalog.Conversations, visits).GetEnumerator();
    private readonly Queue<(int Leaf, long Bytes, Task<IReadOnlyDictionary<string, ConversationMessages>> Read)> _ahead = [];
    private long _bytes;
    private bool _isAtEnd;

    /// <inheritdoc cref="ArchiveIndex.MessagesAsync(IndexedConversation, int, CancellationToken)"/>
    public async Task<ConversationMessages> MessagesAsync(IndexedConversation conversation, int leaf, CancellationToken cancellationToken)
    {
        while (_ahead.TryPeek(out var first) && first.Leaf < leaf)
            _bytes -= _ahead.Dequeue().Bytes;
        while (_ahead.Count < LeafUploads.MaxCount && (_ahead.Count == 0 || _bytes < LeafUploads.MaxBytes) && !_isAtEnd)
            ReadNext(cancellationToken);
        return _ahead.TryPeek(out var next) && next.Leaf == leaf
            ? index.MessagesOf(conversation, leaf, await next.Read)
            : await index.MessagesAsync(conversation, leaf, cancellationToken);
    }

    /// <summary>Waits for the reads in flight, so that none outlives its caller.</summary>
    public async ValueTask DisposeAsync()
    {
        _expected.Dispose();
        await Task.WhenAll(_ahead.Select(l => (Task)l.Read)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void ReadNext(CancellationToken cancellationToken)
    {
        _isAtEnd = !_expected.MoveNext();
        if (_isAtEnd)
            return;
        int leaf = _expected.Current;
        long bytes = 0;
        for (int place = _known.LeafStarts[leaf]; place < _known.LeafEnd(leaf); place++)
            bytes += (long)_known[place].Live * KnownMessages.EntrySize;
        _bytes += bytes;
        _ahead.Enqueue((leaf, bytes, index.ReadLeafAsync(leaf, cancellationToken)));
    }

    /// <summary>The leaves with conversations of which the run wrote rows, or between which it found new ones.</summary>
    private static IEnumerable<int> Changed(CatalogConversations known, IEnumerable<ConversationVisit> visits)
    {
        int last = -1;
        foreach (ConversationVisit visit in visits)
        {
            int place = known.IndexOf(visit.ConversationId);
            if (known.Count == 0 || (place >= 0 && visit.Written == 0))
                continue;
            int leaf = known.LeafOf(place >= 0 ? place : Math.Max(0, ~place - 1));
            if (leaf > last)
                yield return last = leaf;
        }
    }
}
