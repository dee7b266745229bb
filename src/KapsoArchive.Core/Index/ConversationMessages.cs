namespace KapsoArchive.Core.Index;

/// <summary>The messages of one conversation, as a leaf stores them.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="Entries">24 bytes per message, as in <see cref="KnownMessages"/>.</param>
/// <param name="Texts">The ids that cannot be restored from their key, because they are not UUIDs, by key.</param>
internal sealed record ConversationMessages(string ConversationId, ReadOnlyMemory<byte> Entries, IReadOnlyDictionary<UInt128, string> Texts)
{
    public static readonly IReadOnlyDictionary<UInt128, string> NoTexts = new Dictionary<UInt128, string>();

    public static ConversationMessages None(string conversationId) => new(conversationId, ReadOnlyMemory<byte>.Empty, NoTexts);

    public int Count => Entries.Length / KnownMessages.EntrySize;
}
