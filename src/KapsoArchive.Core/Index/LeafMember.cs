namespace KapsoArchive.Core.Index;

/// <summary>A conversation that is about to be written to a leaf.</summary>
/// <param name="Known">Its entry in the previous index; null if it has none.</param>
/// <param name="Place">Its place in the previous catalog.</param>
/// <param name="Visit">What the run found; null if the run did not read it.</param>
internal sealed record LeafMember(IndexedConversation? Known, int Place, ConversationVisit? Visit)
{
    public string Id => Known?.Id ?? Visit!.ConversationId;

    public int Live => Known?.Live ?? 0;

    /// <summary>Whether neither the archive nor the source knows it.</summary>
    public bool IsForgotten => Known is null && IndexFold.Apply(before: null, Visit!, newestCreatedAt: null, live: 0) is null;

    /// <summary>Its new index entry.</summary>
    public IndexedConversation Applied(long? newestCreatedAt, int live) =>
        Visit is null ? Known! : IndexFold.Apply(Known, Visit, newestCreatedAt, live)!;
}
