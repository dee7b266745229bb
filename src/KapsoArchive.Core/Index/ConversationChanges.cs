namespace KapsoArchive.Core.Index;

/// <summary>The rows of one conversation that a run wrote, as the index needs them: all of them, or one of several consecutive
/// pieces.</summary>
/// <param name="NewestCreatedAt">The latest <c>created_at</c> among them, in microseconds; null if none has one.</param>
/// <param name="Messages">In any order. Each message is in one piece only.</param>
/// <param name="Texts">The ids that are not UUIDs, by key.</param>
internal sealed record ConversationChanges(
    string ConversationId, long? NewestCreatedAt, MessageChange[] Messages, IReadOnlyDictionary<UInt128, string> Texts);
