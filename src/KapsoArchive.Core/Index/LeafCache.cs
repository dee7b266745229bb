namespace KapsoArchive.Core.Index;

/// <summary>The last few leaves that were read. Conversations are read in the order of their ids, so neighbours usually share a
/// leaf.</summary>
internal sealed class LeafCache(Func<string, CancellationToken, Task<IReadOnlyDictionary<string, ConversationMessages>>> read)
{
    private const int Capacity = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Name, Task<IReadOnlyDictionary<string, ConversationMessages>> Leaf)> _leaves = [];

    public Task<IReadOnlyDictionary<string, ConversationMessages>> GetAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            for (var node = _leaves.First; node is not null; node = node.Next)
            {
                if (node.Value.Name != name)
                    continue;
                _leaves.Remove(node);
                if (node.Value.Leaf.IsFaulted || node.Value.Leaf.IsCanceled)
                    break;
                _leaves.AddFirst(node);
                return node.Value.Leaf;
            }

            Task<IReadOnlyDictionary<string, ConversationMessages>> leaf = read(name, cancellationToken);
            _leaves.AddFirst((name, leaf));
            if (_leaves.Count > Capacity)
                _leaves.RemoveLast();
            return leaf;
        }
    }
}
