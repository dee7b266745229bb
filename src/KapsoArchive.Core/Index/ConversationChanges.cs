namespace KapsoArchive.Core.Index;

/// <summary>Rows of one conversation that a run wrote, as far as the index is concerned: all of them, or one piece of several that follow each other.</summary>
/// <param name="NewestCreatedAt">The latest <c>created_at</c> among them, in microseconds; null where there is none.</param>
/// <param name="Messages">In no order. Each message is in one piece only.</param>
/// <param name="Texts">The ids that are no UUID, by key.</param>
internal sealed record ConversationChanges(string ConversationId, long? NewestCreatedAt, MessageChange[] Messages, IReadOnlyDictionary<UInt128, string> Texts);
