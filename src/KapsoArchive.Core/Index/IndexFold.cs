namespace KapsoArchive.Core.Index;

/// <summary>Applies the rows of one run to the index. The index is the result of doing this for every run in order.</summary>
internal static class IndexFold
{
    /// <returns>The new index entry of the conversation; null if neither the archive nor the source knows it.</returns>
    public static IndexedConversation? Apply(IndexedConversation? before, ConversationVisit visit, long? newestCreatedAt, int live)
    {
        if (before is null && live == 0 && visit.IsUnknownToSource)
            return null;
        before ??= new IndexedConversation { Id = visit.ConversationId, Outcome = visit.Outcome };
        return before with
        {
            Outcome = visit.Outcome,
            LastFullSweep = visit.IsFull ? visit.ArchivedAt : before.LastFullSweep,
            LastComplete = visit.Outcome == ConversationOutcome.Complete ? visit.ArchivedAt : before.LastComplete,
            NewestCreatedAt = before.NewestCreatedAt is null || newestCreatedAt > before.NewestCreatedAt
                ? newestCreatedAt ?? before.NewestCreatedAt
                : before.NewestCreatedAt,
            Live = live,
            Rejected = visit.Rejected ?? before.Rejected,
            RejectedDigest = visit.Rejected is null ? before.RejectedDigest : visit.RejectedDigest,
            Names = before.Names.Then(visit.Names),
            CountAgreed = visit.CountAgreed ?? before.CountAgreed,
        };
    }

    /// <summary>Adds new messages, replaces changed ones, and removes those marked as removed.</summary>
    public static ConversationMessages Apply(ConversationMessages before, ConversationChanges changes)
    {
        byte[] entries = new byte[before.Entries.Length + (changes.Messages.Length * KnownMessages.EntrySize)];
        Span<LeafEntry> all = MemoryMarshal.Cast<byte, LeafEntry>(entries.AsSpan());
        Span<LeafEntry> written = all[before.Count..];
        List<UInt128> removed = [];
        written = written[..Take(changes.Messages, written, removed)];
        written.Sort();
        int count = before.Count == 0 && removed.Count == 0 ? written.Length : Merge(before.Entries.Span, written.ToArray(), removed, all);
        bool hasTexts = before.Texts.Count + changes.Texts.Count > 0;
        return new ConversationMessages(
            before.ConversationId, entries.AsMemory(0, count * KnownMessages.EntrySize),
            hasTexts ? Apply(new Dictionary<UInt128, string>(before.Texts), changes) : before.Texts);
    }

    /// <summary>Copies written messages to <paramref name="written"/>, unsorted, and the keys of removed ones to
    /// <paramref name="removed"/>.</summary>
    /// <returns>Number of messages copied to <paramref name="written"/>.</returns>
    public static int Take(ReadOnlySpan<MessageChange> messages, Span<LeafEntry> written, List<UInt128> removed)
    {
        int count = 0;
        foreach (MessageChange message in messages)
        {
            if (message.Change == Change.Removed)
                removed.Add(message.Key);
            else
                written[count++] = new LeafEntry(message.Key, message.Fingerprint);
        }

        return count;
    }

    /// <summary>Merges both in the order of their keys. A written entry replaces an earlier one.</summary>
    /// <param name="before">Sorted entries.</param>
    /// <param name="written">New entries, sorted.</param>
    /// <param name="removed">Keys to remove; sorted here.</param>
    /// <returns>Number of entries in the result.</returns>
    public static int Merge(ReadOnlySpan<byte> before, ReadOnlySpan<LeafEntry> written, List<UInt128> removed, Span<LeafEntry> merged)
    {
        removed.Sort();
        int count = 0;
        int next = 0;
        foreach (LeafEntry entry in MemoryMarshal.Cast<byte, LeafEntry>(before))
        {
            while (next < written.Length && written[next].CompareTo(entry) < 0)
                merged[count++] = written[next++];
            bool isReplaced = next < written.Length && written[next].CompareTo(entry) == 0;
            if (!isReplaced && removed.BinarySearch(entry.Key) < 0)
                merged[count++] = entry;
        }

        written[next..].CopyTo(merged[count..]);
        return count + written.Length - next;
    }

    /// <summary>The texts after the changes.</summary>
    public static Dictionary<UInt128, string> Apply(Dictionary<UInt128, string> texts, ConversationChanges changes)
    {
        foreach ((UInt128 key, string text) in changes.Texts)
            texts[key] = text;
        foreach (MessageChange change in changes.Messages)
        {
            if (change.Change == Change.Removed)
                texts.Remove(change.Key);
        }

        return texts;
    }
}
