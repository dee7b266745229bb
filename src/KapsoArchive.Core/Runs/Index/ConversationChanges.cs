namespace KapsoArchive.Core.Runs.Index;

/// <summary>The rows of one conversation that a run wrote, as far as the index is concerned.</summary>
/// <param name="NewestCreatedAt">The latest <c>created_at</c> among them, in microseconds; null where there is none.</param>
/// <param name="Blocks">Each message once, in no order.</param>
/// <param name="Texts">The ids that are no UUID, by key.</param>
internal sealed record ConversationChanges(
    string ConversationId, long? NewestCreatedAt, IReadOnlyList<MessageChange[]> Blocks, IReadOnlyDictionary<UInt128, string> Texts)
{
    public IEnumerable<MessageChange> Messages => Blocks.SelectMany(b => b);

    /// <summary>Both, where a conversation's rows lie in two blocks or parts of one run.</summary>
    public ConversationChanges With(ConversationChanges other) => new(
        ConversationId,
        NewestCreatedAt is null || other.NewestCreatedAt > NewestCreatedAt ? other.NewestCreatedAt : NewestCreatedAt,
        [.. Blocks, .. other.Blocks],
        Texts.Count == 0 ? other.Texts : other.Texts.Count == 0 ? Texts : Texts.Concat(other.Texts).ToDictionary());
}
