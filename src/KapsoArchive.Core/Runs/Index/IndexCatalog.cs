using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs.Index;

/// <summary>The root of the index: every conversation, and the leaves that hold their messages. Replacing it is the commit of the index.</summary>
internal sealed record IndexCatalog
{
    private const string Magic = "KAIC";
    private const byte Version = 1;

    /// <summary>The committed run up to which the index speaks; null before the first.</summary>
    public string? RunId { get; init; }

    /// <summary>Start of the last run of all conversations, in microseconds; null for none.</summary>
    public long? DiscoveredAt { get; init; }

    /// <summary>Start of the last run that read the whole list of conversations, in microseconds; null for none.</summary>
    public long? ListedAt { get; init; }

    /// <summary>By id, ordinal.</summary>
    public required IReadOnlyList<IndexedConversation> Conversations { get; init; }

    /// <summary>The names of the leaves, in the order of the conversations as <see cref="IndexLeaf.Divide"/> divides them.</summary>
    public required IReadOnlyList<string> Leaves { get; init; }

    public static IndexCatalog Empty { get; } = new() { Conversations = [], Leaves = [] };

    public ReadOnlyMemory<byte> ToBytes() => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write(RunId ?? "");
        writer.WriteOptional(DiscoveredAt);
        writer.WriteOptional(ListedAt);
        writer.Write7BitEncodedInt(Leaves.Count);
        foreach (string leaf in Leaves)
            writer.Write(Convert.FromHexString(leaf));
        writer.Write7BitEncodedInt(Conversations.Count);
        foreach (IndexedConversation conversation in Conversations)
        {
            writer.Write(conversation.Id);
            writer.Write((byte)conversation.Outcome);
            writer.WriteOptional(conversation.LastFullSweep);
            writer.WriteOptional(conversation.LastComplete);
            writer.WriteOptional(conversation.NewestCreatedAt);
            writer.Write7BitEncodedInt(conversation.Live);
            writer.Write7BitEncodedInt(conversation.Rejected);
            if (conversation.Rejected > 0)
                writer.Write(conversation.RejectedDigest);
        }
    });

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IndexCatalog FromBytes(ReadOnlyMemory<byte> bytes) => IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        string runId = reader.ReadString();
        return new IndexCatalog
        {
            RunId = runId.Length == 0 ? null : runId,
            DiscoveredAt = reader.ReadOptional(),
            ListedAt = reader.ReadOptional(),
            Leaves = [.. Repeat(reader, () => Convert.ToHexStringLower(reader.ReadBytes(32)))],
            Conversations = [.. Repeat(reader, () => ReadConversation(reader))],
        };
    });

    private static IEnumerable<T> Repeat<T>(BinaryReader reader, Func<T> read)
    {
        int count = reader.Read7BitEncodedInt();
        for (int i = 0; i < count; i++)
            yield return read();
    }

    private static IndexedConversation ReadConversation(BinaryReader reader)
    {
        var conversation = new IndexedConversation
        {
            Id = reader.ReadString(),
            Outcome = (ConversationOutcome)reader.ReadByte(),
            LastFullSweep = reader.ReadOptional(),
            LastComplete = reader.ReadOptional(),
            NewestCreatedAt = reader.ReadOptional(),
            Live = reader.Read7BitEncodedInt(),
            Rejected = reader.Read7BitEncodedInt(),
        };
        return conversation.Rejected == 0 ? conversation : conversation with { RejectedDigest = reader.ReadUInt64() };
    }
}
