namespace KapsoArchive.Core.Index;

/// <summary>Builds a catalog from conversations and leaves, added in order.</summary>
internal sealed class IndexCatalogWriter : IDisposable
{
    private readonly ChunkedStream _conversations = new();
    private readonly BinaryWriter _writer;
    private readonly List<string> _leaves = [];
    private readonly IndexForm _form;
    private int _count;

    public IndexCatalogWriter(IndexForm form) => (_form, _writer) = (form, new BinaryWriter(_conversations, Encoding.UTF8));

    public IReadOnlyList<string> Leaves => _leaves;

    public void Add(IndexedConversation conversation)
    {
        CatalogConversations.Write(conversation, _writer, _form.Format);
        _count++;
    }

    /// <summary>Copies a whole unchanged leaf from a catalog of the same form.</summary>
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
        _form.Format,
        writer =>
        {
            if (_form.Format > IndexForm.FirstFormat)
                writer.Write7BitEncodedInt(_form.Fingerprints);
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
