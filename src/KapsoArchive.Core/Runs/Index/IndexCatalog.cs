namespace KapsoArchive.Core.Runs.Index;

/// <summary>The root of the index: every conversation, and the leaves that hold their messages. Replacing it is the commit of the index.</summary>
internal sealed class IndexCatalog
{
    public const string Magic = "KAIC";
    public const byte Version = 1;

    private readonly ReadOnlyMemory<byte> _bytes;

    private IndexCatalog(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The committed run up to which the index speaks; null before the first.</summary>
    public string? RunId { get; private init; }

    /// <summary>Start of the last run of all conversations, in microseconds; null for none.</summary>
    public long? DiscoveredAt { get; private init; }

    /// <summary>Start of the last run that read the whole list of conversations, in microseconds; null for none.</summary>
    public long? ListedAt { get; private init; }

    public required CatalogConversations Conversations { get; init; }

    /// <summary>The names of the leaves, in the order of the conversations as <see cref="IndexLeaf.Divide"/> divides them.</summary>
    public required IReadOnlyList<string> Leaves { get; init; }

    public static IndexCatalog Empty { get; } = MakeEmpty();

    public ReadOnlyMemory<byte> ToBytes() => _bytes;

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IndexCatalog FromBytes(ReadOnlyMemory<byte> bytes) => IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        string runId = reader.ReadString();
        (long? discoveredAt, long? listedAt) = (reader.ReadOptional(), reader.ReadOptional());
        string[] leaves = new string[reader.Read7BitEncodedInt()];
        for (int i = 0; i < leaves.Length; i++)
            leaves[i] = Convert.ToHexStringLower(reader.ReadBytes(IndexFormat.HashLength));
        int count = reader.Read7BitEncodedInt();
        return new IndexCatalog(bytes)
        {
            RunId = runId.Length == 0 ? null : runId,
            DiscoveredAt = discoveredAt,
            ListedAt = listedAt,
            Leaves = leaves,
            Conversations = new CatalogConversations(bytes[(int)reader.BaseStream.Position..^IndexFormat.HashLength], count),
        };
    });

    private static IndexCatalog MakeEmpty()
    {
        using var writer = new IndexCatalogWriter();
        return FromBytes(writer.ToBytes(null, null, null));
    }
}
