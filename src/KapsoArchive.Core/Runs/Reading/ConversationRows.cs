using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs.Reading;

/// <summary>Creates the rows of one conversation: messages that are new or changed compared with the index, and messages that are no
/// longer listed, each once per run.</summary>
/// <param name="texts">The ids that are not UUIDs, by key.</param>
/// <param name="range">Only messages created in this range; all times except for an export.</param>
/// <param name="choice">Only messages that it takes; null for all.</param>
/// <param name="written">What the run has written of this conversation in earlier slices.</param>
internal sealed class ConversationRows(
    string conversationId, RunStamp run, KnownMessages known, IReadOnlyDictionary<UInt128, string> texts,
    IReadOnlyDictionary<UInt128, Change> written, TimeRange range, ExportChoice? choice)
{
    private readonly byte[] _conversation = Encoding.UTF8.GetBytes(conversationId);

    public RunStamp Run => run;

    public bool HasWritten => written.Count > 0;

    public long Added { get; private set; } = written.Values.LongCount(c => c == Change.Added);

    public long Changed { get; private set; } = written.Values.LongCount(c => c == Change.Changed);

    public long Removed { get; private set; } = written.Values.LongCount(c => c == Change.Removed);

    /// <summary>Number of messages outside every range, because their time is missing or unreadable.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Continues with the number that earlier slices had left out.</summary>
    public void Restore(long leftOut) => LeftOut = leftOut;

    /// <summary>The messages that are archived and unchanged, and whose files the archive waits for.</summary>
    /// <param name="waiting">The keys of such files; see <see cref="WaitingFile.Key"/>.</param>
    public IReadOnlyList<MessageRow> Seen(IReadOnlyList<ListingItem> items, IReadOnlySet<UInt128> waiting) =>
        waiting.Count == 0 ? [] :
        [
            .. items.Where(i => i.Row is { MediaUrl.HasValue: true } && waiting.Contains(WaitingFile.KeyOf(_conversation, i.Id))
                && known.TryGet(i.Id, out ulong fingerprint) && fingerprint == i.Fingerprint).Select(i => i.Row!),
        ];

    public IReadOnlyList<MessageRow> New(IReadOnlyList<ListingItem> items)
    {
        List<MessageRow> rows = new(items.Count);
        foreach (ListingItem item in items)
        {
            if (item.Row is not { } row || written.ContainsKey(item.Id)
                || (choice is { TakesAll: false } && !choice.Takes(row.Direction, row.MessageType)))
                continue;
            if (!range.Holds(item.CreatedAt))
            {
                LeftOut += item.CreatedAt is null ? 1 : 0;
                continue;
            }

            bool isKnown = known.TryGet(item.Id, out ulong fingerprint);
            if (isKnown && fingerprint == item.Fingerprint)
                continue;
            row.Change = isKnown ? Change.Changed : Change.Added;
            Added += isKnown ? 0 : 1;
            Changed += isKnown ? 1 : 0;
            rows.Add(row);
        }

        return rows;
    }

    public IReadOnlyList<MessageRow> Removals(IReadOnlyCollection<UInt128> keys)
    {
        List<MessageRow> rows = new(keys.Count);
        var conversation = Utf8Text.From(conversationId);
        foreach (UInt128 key in keys.Where(k => !written.ContainsKey(k)))
        {
            var row = MessageRow.Removed(conversation, Utf8Text.From(texts.GetValueOrDefault(key) ?? MessageKey.ToUuid(key)), run);
            (row.Key, row.KeyIsUuid) = (key, !texts.ContainsKey(key));
            rows.Add(row);
        }

        Removed += rows.Count;
        return rows;
    }
}
