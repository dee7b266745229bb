namespace KapsoArchive.Core.Index;

/// <summary>Writes the leaves that a run has changed, and builds the catalog that names them. It walks the known, visited and written
/// conversations together, in the order of their ids, and holds at most one leaf of them.</summary>
internal sealed class IndexWriter(ArchiveIndex before, LeafUploads uploads, IndexCatalogWriter catalog)
{
    private readonly CatalogConversations _known = before.Catalog.Conversations;
    private readonly List<LeafMember> _leaf = [];

    public async Task WriteLeavesAsync(IndexUpdate update, CancellationToken cancellationToken)
    {
        using var visits = new VisitsInOrder(update.Visits);
        await using var leaves = new LeavesAhead(before, update.Visits);
        await using var changes = new PendingChanges(update.Changes.GetAsyncEnumerator(cancellationToken));
        await changes.MoveNextAsync();
        int next = 0;
        while (next < _known.Count || visits.Current is not null)
        {
            if (EndOfUntouchedLeaf(next, visits) is { } end)
            {
                await WriteLeafAsync(leaves, changes, cancellationToken);
                catalog.Add(_known, next, end);
                catalog.AddLeaf(before.Catalog.Leaves[_known.LeafOf(next)]);
                next = end;
                continue;
            }

            LeafMember member = NextMember(ref next, visits);
            if (member.IsForgotten)
                continue; // Decided before leaves are divided: the source may not know a conversation without messages either.
            if (IndexLeaf.BeginsWith(member.Id))
                await WriteLeafAsync(leaves, changes, cancellationToken);
            _leaf.Add(member);
        }

        await WriteLeafAsync(leaves, changes, cancellationToken);
        if (changes.Current is not null)
            throw Unvisited(changes.Current);
    }

    private static IndexDamagedException Unvisited(ConversationChanges changes) =>
        new($"The journal has messages of conversation {changes.ConversationId}, which the run did not visit.");

    private LeafMember NextMember(ref int next, VisitsInOrder visits)
    {
        if (next == _known.Count)
            return new LeafMember(Known: null, Place: -1, visits.Take());
        int order = visits.Current is null ? 1 : visits.CompareTo(_known.IdAt(next));
        return order < 0
            ? new LeafMember(Known: null, Place: -1, visits.Take())
            : new LeafMember(_known[next], next++, order == 0 ? visits.Take() : null);
    }

    /// <summary>End of the leaf that begins here, if the run visited none of its conversations and none that belongs into it; otherwise
    /// null.</summary>
    private int? EndOfUntouchedLeaf(int next, VisitsInOrder visits)
    {
        if (next == _known.Count || (_leaf.Count > 0 && !IndexLeaf.BeginsWith(_known.IdAt(next))))
            return null;
        int leaf = _known.LeafOf(next);
        int end = _known.LeafEnd(leaf);
        bool isUntouched = _known.LeafStarts[leaf] == next
            && (visits.Current is null || (end < _known.Count && visits.CompareTo(_known.IdAt(end)) >= 0));
        return isUntouched ? end : null;
    }

    /// <summary>Writes the gathered leaf, unless it is empty or exists already.</summary>
    private async Task WriteLeafAsync(LeavesAhead leaves, PendingChanges changes, CancellationToken cancellationToken)
    {
        if (_leaf.Count == 0)
            return;
        bool isChanged = changes.Current is { } first && string.CompareOrdinal(first.ConversationId, _leaf[^1].Id) <= 0;
        catalog.AddLeaf(isChanged || !IsKnownLeaf() ? await WriteNewLeafAsync(leaves, changes, cancellationToken) : KeepLeaf());
        _leaf.Clear();
    }

    /// <summary>Whether exactly these conversations make a leaf of the previous index.</summary>
    private bool IsKnownLeaf()
    {
        if (_leaf.Exists(m => m.Known is null))
            return false;
        int leaf = _known.LeafOf(_leaf[0].Place);
        return _known.LeafStarts[leaf] == _leaf[0].Place && _known.LeafEnd(leaf) == _leaf[0].Place + _leaf.Count;
    }

    private string KeepLeaf()
    {
        foreach (LeafMember member in _leaf)
            catalog.Add(member.Applied(newestCreatedAt: null, member.Live));
        return before.Catalog.Leaves[_known.LeafOf(_leaf[0].Place)];
    }

    private async Task<string> WriteNewLeafAsync(LeavesAhead leaves, PendingChanges changes, CancellationToken cancellationToken)
    {
        var leaf = new LeafWriter(_leaf.Count, _leaf.Sum(m => m.Live + (m.Visit?.Written ?? 0)));
        foreach (LeafMember member in _leaf)
        {
            ConversationMessages known = member.Known is null
                ? ConversationMessages.None(member.Id)
                : await leaves.MessagesAsync(member.Known, _known.LeafOf(member.Place), cancellationToken);
            if (changes.Current is { } other && string.CompareOrdinal(other.ConversationId, member.Id) is var order
                && (order < 0 || (order == 0 && member.Visit is null)))
                throw Unvisited(other);
            (long? newest, int live) = (null, member.Live);
            if (changes.Current?.ConversationId == member.Id)
                (newest, live) = await PourAsync(leaf, known, changes);
            else
                leaf.Add(known);
            catalog.Add(member.Applied(newest, live));
        }

        return await uploads.AddAsync(leaf.Seal(), cancellationToken);
    }

    private static async Task<(long? NewestCreatedAt, int Live)> PourAsync(
        LeafWriter leaf, ConversationMessages known, PendingChanges changes)
    {
        long? newest = null;
        leaf.Begin(known);
        while (changes.Current is { } piece && piece.ConversationId == known.ConversationId)
        {
            leaf.Pour(piece);
            newest = newest is null || piece.NewestCreatedAt > newest ? piece.NewestCreatedAt : newest;
            await changes.MoveNextAsync();
        }

        return (newest, leaf.End());
    }
}

/// <summary>Iterates over pieces of written rows and holds the next one.</summary>
internal sealed class PendingChanges(IAsyncEnumerator<ConversationChanges> changes) : IAsyncDisposable
{
    /// <summary>The next piece; null at the end.</summary>
    public ConversationChanges? Current { get; private set; }

    public async ValueTask MoveNextAsync() => Current = await changes.MoveNextAsync() ? changes.Current : null;

    public ValueTask DisposeAsync() => changes.DisposeAsync();
}
