namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Keeps where the messages of the last read conversations are, until a new run is committed: the next page then needs only its
/// own messages. Keeps at most 500,000 places of messages and facts of files, about 150 MB, and always the last conversation.</summary>
public sealed class KnownOutlines
{
    private const int Most = 500_000;

    private readonly LinkedList<ConversationOutline> _kept = [];

    /// <summary>Null if it is not kept, or not as of this run.</summary>
    internal ConversationOutline? Find(string conversationId, string? snapshot)
    {
        lock (_kept)
        {
            if (_kept.FirstOrDefault(o => o.ConversationId == conversationId) is not { } outline)
                return null;
            _kept.Remove(outline);
            if (outline.Snapshot != snapshot)
                return null;
            _kept.AddFirst(outline);
            return outline;
        }
    }

    /// <returns>The outline.</returns>
    internal ConversationOutline? Keep(ConversationOutline? outline)
    {
        if (outline is null || outline.Messages.Any(m => m.Message is not null)) // Whole messages, of parts without columns, are too large.
            return outline;
        lock (_kept)
        {
            _kept.AddFirst(outline);
            long kept = 0;
            for (LinkedListNode<ConversationOutline>? node = _kept.First, next; node is not null; node = next)
            {
                next = node.Next;
                kept += node.Value.Messages.Count + node.Value.Files.Count;
                if (node != _kept.First && (kept > Most || node.Value.ConversationId == outline.ConversationId))
                    _kept.Remove(node);
            }
        }

        return outline;
    }
}
