namespace KapsoArchive.Core.Index;

/// <summary>The messages of consecutive conversations, by id: the unit in which the index is read and written. A leaf is named after its
/// own hash and never changes.</summary>
internal static class IndexLeaf
{
    public const string Magic = "KAIL";
    public const byte Version = 1;

    /// <summary>Average number of conversations in a leaf.</summary>
    private const uint MeanConversations = 16;

    /// <summary>Whether a leaf begins with this conversation. It depends only on the id, so the same conversations always make the same
    /// leaves, and a new conversation changes only its own leaf.</summary>
    public static bool BeginsWith(ReadOnlySpan<byte> conversationId) => XxHash32.HashToUInt32(conversationId) % MeanConversations == 0;

    public static bool BeginsWith(string conversationId) => BeginsWith(Encoding.UTF8.GetBytes(conversationId));

    /// <summary>Divides sorted conversations into leaves.</summary>
    public static IEnumerable<List<T>> Divide<T>(IEnumerable<T> conversations, Func<T, string> id)
    {
        List<T> leaf = [];
        foreach (T conversation in conversations)
        {
            if (leaf.Count > 0 && BeginsWith(id(conversation)))
            {
                yield return leaf;
                leaf = [];
            }

            leaf.Add(conversation);
        }

        if (leaf.Count > 0)
            yield return leaf;
    }

    /// <summary>The hash at its end.</summary>
    public static string NameOf(ReadOnlyMemory<byte> leaf) => Convert.ToHexStringLower(leaf.Span[^IndexFormat.HashLength..]);

    public static ReadOnlyMemory<byte> ToBytes(IReadOnlyCollection<ConversationMessages> conversations)
    {
        var leaf = new LeafWriter(conversations.Count, conversations.Sum(c => (long)c.Count));
        foreach (ConversationMessages conversation in conversations)
            leaf.Add(conversation);
        return leaf.Seal();
    }

    /// <param name="name">Name under which it is stored.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="InvalidDataException">It is damaged, or not the leaf of this name.</exception>
    public static IReadOnlyDictionary<string, ConversationMessages> Read(string name, ReadOnlyMemory<byte> bytes)
    {
        IReadOnlyDictionary<string, ConversationMessages> conversations = IndexFormat.Open(
            bytes, Magic, Version, reader => Read(reader, bytes));
        return NameOf(bytes) == name ? conversations : throw new InvalidDataException("its name is not its checksum");
    }

    private static Dictionary<string, ConversationMessages> Read(BinaryReader reader, ReadOnlyMemory<byte> leaf)
    {
        int count = reader.Read7BitEncodedInt();
        Dictionary<string, ConversationMessages> conversations = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string id = reader.ReadString();
            int length = reader.Read7BitEncodedInt() * KnownMessages.EntrySize;
            ReadOnlyMemory<byte> entries = leaf.Slice((int)reader.BaseStream.Position, length);
            reader.BaseStream.Position += length;
            conversations.Add(id, new ConversationMessages(id, entries, reader.ReadTexts()));
        }

        return conversations;
    }
}
