using System.Text;

namespace KapsoArchive.Core.Runs.Index;

/// <summary>Makes a catalog as its conversations and leaves come, in their order.</summary>
internal sealed class IndexCatalogWriter : IDisposable
{
    private readonly ChunkedStream _conversations = new();
    private readonly BinaryWriter _writer;
    private readonly List<string> _leaves = [];
    private int _count;

    public IndexCatalogWriter() => _writer = new BinaryWriter(_conversations, Encoding.UTF8);

    public IReadOnlyList<string> Leaves => _leaves;

    public void Add(IndexedConversation conversation)
    {
        CatalogConversations.Write(conversation, _writer);
        _count++;
    }

    /// <summary>Takes a whole leaf over as it was.</summary>
    public void Add(CatalogConversations before, int start, int end)
    {
        _writer.Write(before.BytesOf(start, end));
        _count += end - start;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _conversations.Dispose();
    }

    public void AddLeaf(string name) => _leaves.Add(name);

    public ReadOnlyMemory<byte> ToBytes(string? runId, long? discoveredAt, long? listedAt) => IndexFormat.Seal(
        IndexCatalog.Magic,
        IndexCatalog.Version,
        writer =>
        {
            writer.Write(runId ?? "");
            writer.WriteOptional(discoveredAt);
            writer.WriteOptional(listedAt);
            writer.Write7BitEncodedInt(_leaves.Count);
            foreach (string leaf in _leaves)
                writer.Write(Convert.FromHexString(leaf));
            writer.Write7BitEncodedInt(_count);
            _conversations.CopyTo(writer);
        },
        capacity: checked((int)(_conversations.Length + (_leaves.Count * IndexFormat.HashLength) + ((runId?.Length ?? 0) * 3) + 128)));
}
