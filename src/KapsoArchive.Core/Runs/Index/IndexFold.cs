using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Runs.Index;

/// <summary>Applies what one run wrote to what was known before. The index after any number of runs is nothing but this, run after run.</summary>
internal static class IndexFold
{
    /// <returns>What the index is to say of the conversation; null where it is to say nothing, because neither the archive nor the source knows it.</returns>
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
            NewestCreatedAt = before.NewestCreatedAt is null || newestCreatedAt > before.NewestCreatedAt ? newestCreatedAt ?? before.NewestCreatedAt : before.NewestCreatedAt,
            Live = live,
            Rejected = visit.Rejected ?? before.Rejected,
            RejectedDigest = visit.Rejected is null ? before.RejectedDigest : visit.RejectedDigest,
        };
    }

    /// <summary>Adds what is new, replaces what changed, drops what was removed.</summary>
    public static ConversationMessages Apply(ConversationMessages before, ConversationChanges changes)
    {
        MessageChange[] sorted = [.. changes.Messages];
        Array.Sort(sorted, static (a, b) => a.Key.CompareTo(b.Key));
        var known = new KnownMessages(before.Entries, newestCreatedAt: null, rejected: 0);
        byte[] entries = new byte[(known.Count + sorted.Length) * KnownMessages.EntrySize];
        int length = 0;
        int old = 0;
        foreach (MessageChange change in sorted)
        {
            for (; old < known.Count && known.KeyAt(old) < change.Key; old++)
                Copy(old);
            if (old < known.Count && known.KeyAt(old) == change.Key)
                old++;
            if (change.Change == Change.Removed)
                continue;
            KnownMessages.Write(entries.AsSpan(length), change.Key, change.Fingerprint);
            length += KnownMessages.EntrySize;
        }

        for (; old < known.Count; old++)
            Copy(old);
        return new ConversationMessages(before.ConversationId, entries.AsMemory(0, length), Texts(before, changes));

        void Copy(int position)
        {
            before.Entries.Span.Slice(position * KnownMessages.EntrySize, KnownMessages.EntrySize).CopyTo(entries.AsSpan(length));
            length += KnownMessages.EntrySize;
        }
    }

    private static IReadOnlyDictionary<UInt128, string> Texts(ConversationMessages before, ConversationChanges changes)
    {
        if (before.Texts.Count == 0 && changes.Texts.Count == 0)
            return ConversationMessages.NoTexts;
        Dictionary<UInt128, string> texts = new(before.Texts);
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
