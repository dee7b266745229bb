namespace KapsoArchive.Core.Index;

/// <summary>The root of the index: every conversation, and the leaves that hold their messages. Replacing it is the commit of the
/// index.</summary>
internal sealed class IndexCatalog
{
    public const string Magic = "KAIC";

    private readonly ReadOnlyMemory<byte> _bytes;

    private IndexCatalog(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The form in which the index is written.</summary>
    public IndexForm Form { get; private init; }

    /// <summary>The committed run that the index reflects; null before the first.</summary>
    public string? RunId { get; private init; }

    /// <summary>Start of the last run of all conversations that found all requested ones, in microseconds; null for none.</summary>
    public long? DiscoveredAt { get; private init; }

    /// <summary>Start of the last run that read the whole list of conversations, in microseconds; null for none.</summary>
    public long? ListedAt { get; private init; }

    public required CatalogConversations Conversations { get; init; }

    /// <summary>Names of the leaves, in the order of the conversations as <see cref="IndexLeaf.Divide"/> divides them.</summary>
    public required IReadOnlyList<string> Leaves { get; init; }

    public static IndexCatalog Empty { get; } = MakeEmpty();

    /// <summary>Null if the archive does not know the conversation.</summary>
    public IndexedConversation? Find(string conversationId) =>
        Conversations.IndexOf(conversationId) is >= 0 and var found ? Conversations[found] : null;

    public ReadOnlyMemory<byte> ToBytes() => _bytes;

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IndexCatalog FromBytes(ReadOnlyMemory<byte> bytes) =>
        IndexFormat.Open(bytes, Magic, IndexForm.FirstFormat, IndexForm.CurrentFormat, (reader, format) =>
    {
        var form = new IndexForm(format, format == IndexForm.FirstFormat ? 1 : reader.Read7BitEncodedInt());
        string runId = reader.ReadString();
        (long? discoveredAt, long? listedAt) = (reader.ReadOptional(), reader.ReadOptional());
        string[] leaves = new string[reader.Read7BitEncodedInt()];
        for (int i = 0; i < leaves.Length; i++)
            leaves[i] = Convert.ToHexStringLower(reader.ReadBytes(IndexFormat.HashLength));
        int count = reader.Read7BitEncodedInt();
        return new IndexCatalog(bytes)
        {
            Form = form,
            RunId = runId.Length == 0 ? null : runId,
            DiscoveredAt = discoveredAt,
            ListedAt = listedAt,
            Leaves = leaves,
            Conversations = new CatalogConversations(bytes[(int)reader.BaseStream.Position..^IndexFormat.HashLength], count, format),
        };
    });

    private static IndexCatalog MakeEmpty()
    {
        using var writer = new IndexCatalogWriter(IndexForm.Current);
        return FromBytes(writer.ToBytes(null, null, null));
    }
}
