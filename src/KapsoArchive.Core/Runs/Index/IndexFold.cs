using System.Runtime.InteropServices;
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
        UInt128[] removed = [.. changes.Messages.Where(m => m.Change == Change.Removed).Select(m => m.Key)];
        Array.Sort(removed);
        byte[] written = new byte[(changes.Blocks.Sum(b => b.Length) - removed.Length) * KnownMessages.EntrySize];
        Span<LeafEntry> entries = MemoryMarshal.Cast<byte, LeafEntry>(written.AsSpan());
        int count = 0;
        foreach (MessageChange[] block in changes.Blocks)
        {
            foreach (MessageChange message in block)
            {
                if (message.Change != Change.Removed)
                    entries[count++] = new LeafEntry(message.Key, message.Fingerprint);
            }
        }

        entries.Sort(LeafEntry.Compare);
        return new ConversationMessages(before.ConversationId, before.Count == 0 ? written : Merge(before.Entries.Span, entries, removed), Texts(before, changes));
    }

    /// <summary>All in the order of their keys; of what is there before and after, what is after.</summary>
    private static ReadOnlyMemory<byte> Merge(ReadOnlySpan<byte> before, Span<LeafEntry> written, UInt128[] removed)
    {
        ReadOnlySpan<LeafEntry> known = MemoryMarshal.Cast<byte, LeafEntry>(before);
        byte[] merged = new byte[(known.Length + written.Length) * KnownMessages.EntrySize];
        Span<LeafEntry> entries = MemoryMarshal.Cast<byte, LeafEntry>(merged.AsSpan());
        int count = 0;
        int next = 0;
        foreach (LeafEntry entry in known)
        {
            while (next < written.Length && LeafEntry.Compare(written[next], entry) < 0)
                entries[count++] = written[next++];
            bool isReplaced = next < written.Length && LeafEntry.Compare(written[next], entry) == 0;
            if (!isReplaced && Array.BinarySearch(removed, entry.Key) < 0)
                entries[count++] = entry;
        }

        written[next..].CopyTo(entries[count..]);
        count += written.Length - next;
        return merged.AsMemory(0, count * KnownMessages.EntrySize);
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
