using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Sorts what the program has in order already.</summary>
internal static class Unsorted
{
    public static Task WriteAsync(Stream output, RunStamp run, IEnumerable<ConversationRow> conversations, CancellationToken cancellationToken) =>
        ConversationsWriter.WriteSortedAsync(PartFormat.Parquet, output, run, conversations.OrderBy(c => Utf8Text.From(c.ConversationId)), cancellationToken);

    public static KnownMessages Known(IEnumerable<KeyValuePair<UInt128, ulong>> messages, long? newestCreatedAt, int rejected = 0)
    {
        KeyValuePair<UInt128, ulong>[] sorted = [.. messages.OrderBy(m => m.Key)];
        byte[] entries = new byte[sorted.Length * KnownMessages.EntrySize];
        for (int i = 0; i < sorted.Length; i++)
            KnownMessages.Write(entries.AsSpan(i * KnownMessages.EntrySize), sorted[i].Key, sorted[i].Value);
        return new KnownMessages(entries, newestCreatedAt, rejected);
    }
}
