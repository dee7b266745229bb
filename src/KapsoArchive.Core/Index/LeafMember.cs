namespace KapsoArchive.Core.Index;

/// <summary>A conversation on its way into a leaf.</summary>
/// <param name="Known">What the index says of it; null for nothing.</param>
/// <param name="Place">Its place in the catalog as it was.</param>
/// <param name="Visit">What the run found; null where it did not look.</param>
internal sealed record LeafMember(IndexedConversation? Known, int Place, ConversationVisit? Visit)
{
    public string Id => Known?.Id ?? Visit!.ConversationId;

    public int Live => Known?.Live ?? 0;

    /// <summary>Whether neither the archive nor the source knows it.</summary>
    public bool IsForgotten => Known is null && IndexFold.Apply(before: null, Visit!, newestCreatedAt: null, live: 0) is null;

    /// <summary>What the index is to say of it.</summary>
    public IndexedConversation Applied(long? newestCreatedAt, int live) => Visit is null ? Known! : IndexFold.Apply(Known, Visit, newestCreatedAt, live)!;
}
