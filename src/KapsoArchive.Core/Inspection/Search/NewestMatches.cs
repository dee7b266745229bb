using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Counts matches, and keeps the newest. Safe for concurrent use.</summary>
internal sealed class NewestMatches(int limit)
{
    private readonly SortedSet<(string ConversationId, ChatMessage Message)> _newest =
        new(Comparer<(string ConversationId, ChatMessage Message)>.Create(Compare));

    private readonly Lock _lock = new();

    public long Total { get; private set; }

    /// <summary>The matches that were kept, newest first.</summary>
    public IEnumerable<(string ConversationId, ChatMessage Message)> All => _newest;

    public void Add(string conversationId, ChatMessage message)
    {
        lock (_lock)
        {
            Total++;
            _newest.Add((conversationId, message));
            if (_newest.Count > limit)
                _newest.Remove(_newest.Max);
        }
    }

    private static int Compare((string ConversationId, ChatMessage Message) one, (string ConversationId, ChatMessage Message) other)
    {
        int order = Nullable.Compare(other.Message.CreatedAt, one.Message.CreatedAt);
        if (order == 0)
            order = string.CompareOrdinal(one.ConversationId, other.ConversationId);
        return order != 0 ? order : string.CompareOrdinal(one.Message.Id, other.Message.Id);
    }
}
