using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads some conversations out of the archive: finds the newest version of each message in one pass over the parts, and reads
/// the rows in another.</summary>
internal sealed class ArchivedConversations(
    IStore store, RunState state, IndexCatalog catalog, ChannelWriter<ReadItem> output, RunTracker tracker)
{
    private readonly Dictionary<string, Dictionary<UInt128, Version>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private Utf8Text[] _ids = [];

    public async Task ReadAsync(IReadOnlyList<PlannedConversation> conversations, CancellationToken cancellationToken)
    {
        foreach (PlannedConversation conversation in conversations)
            _versions.Add(conversation.Id, []);
        _ids = [.. _versions.Keys.Select(Utf8Text.From)];
        try
        {
            await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(catalog.RunId, comparesBytes: false, cancellationToken))
                await run.ReadMessagesAsync((part, batch) => FindAsync(run, part, batch, cancellationToken), cancellationToken);
            Version[] all = [.. _versions.SelectMany(c => Wanted(c.Key, c.Value))];
            foreach (var part in all.GroupBy(v => (v.Run, v.Part)))
            {
                ILookup<int, Version> groups = part.ToLookup(v => v.Group);
                await part.Key.Run.ReadPartAsync(part.Key.Part, batch => EmitAsync(batch, groups, cancellationToken), cancellationToken);
            }
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }

        foreach (PlannedConversation conversation in conversations)
            await FinishAsync(conversation, cancellationToken);
    }

    /// <summary>Keeps the place of each message in the batch. Runs come oldest first.</summary>
    private async Task FindAsync(CommittedRun run, ManifestFile part, MessageBatch batch, CancellationToken cancellationToken)
    {
        if (!_ids.Any(batch.MayHold))
            return;
        Utf8Text[] conversations = await batch.TextAsync("conversation_id", cancellationToken);
        (Utf8Text[] Ids, Utf8Text[] Changes, long[] Times)? columns = null;
        Dictionary<UInt128, Version>? versions = null;
        for (int row = 0; row < conversations.Length; row++)
        {
            if (row == 0 || conversations[row] != conversations[row - 1])
                versions = _versions.GetValueOrDefault(conversations[row].ToString()!);
            if (versions is null)
                continue;
            columns ??= (
                await batch.TextAsync("id", cancellationToken), await batch.TextAsync("change", cancellationToken),
                await batch.TimesAsync(cancellationToken));
            bool removed = Datasets.ToChange(columns.Value.Changes[row].Span) == Change.Removed;
            versions[MessageKey.Of(columns.Value.Ids[row].Span)] =
                new Version(run, part, batch.Number, row, removed, columns.Value.Times[row]);
        }
    }

    /// <summary>The versions to export: present, in the requested time, and not yet written.</summary>
    private IEnumerable<Version> Wanted(string conversationId, Dictionary<UInt128, Version> versions)
    {
        IReadOnlyDictionary<UInt128, Change>? written = state.Written.GetValueOrDefault(conversationId);
        foreach ((UInt128 key, Version version) in versions)
        {
            if (version.IsRemoved || written?.ContainsKey(key) == true)
                continue;
            if (state.Head.Range.Holds(version.Time))
                yield return version;
            else if (version.Time is null)
                _leftOut[conversationId] = _leftOut.GetValueOrDefault(conversationId) + 1;
        }
    }

    private async Task EmitAsync(MessageBatch batch, ILookup<int, Version> groups, CancellationToken cancellationToken)
    {
        if (!groups.Contains(batch.Number))
            return;
        IReadOnlyList<MessageRow> rows = await batch.RowsAsync(cancellationToken);
        foreach (var conversation in groups[batch.Number].Select(v => rows[v.Row]).GroupBy(r => r.ConversationId))
        {
            MessageRow[] found = [.. conversation];
            foreach (MessageRow row in found)
            {
                row.Run = state.Run;
                row.Change = Change.Added;
                row.Key = MessageKey.Of(row.Id.Span, out bool isUuid);
                row.KeyIsUuid = isUuid;
                if (!row.Record.HasValue) // JSONL is written from it, and its length bounds the parts.
                    row.Record = RecordRebuild.Of(row);
            }

            await output.WriteAsync(new RowBatch(found), cancellationToken);
            tracker.AddMessages(found.Length);
        }
    }

    private async Task FinishAsync(PlannedConversation conversation, CancellationToken cancellationToken)
    {
        IndexedConversation? known = catalog.Find(conversation.Id);
        long count = _versions[conversation.Id].Values.LongCount(v => !v.IsRemoved);
        var row = new ConversationRow
        {
            ConversationId = conversation.Id,
            Run = state.Run,
            PhoneNumber = conversation.PhoneNumber,
            ContactName = conversation.ContactName,
            BusinessScopedUserId = conversation.BusinessScopedUserId,
            Username = conversation.Username,
            Outcome = known is null ? ConversationOutcome.Failed
                : known.Outcome == ConversationOutcome.Failed ? ConversationOutcome.Incomplete : known.Outcome,
            Reason = known is null ? "the archive does not have it" : AsOf(known),
            DistinctCount = count,
            Added = _versions[conversation.Id].Values.LongCount(v => !v.IsRemoved && state.Head.Range.Holds(v.Time)),
            Rejected = known?.Rejected ?? 0,
            Sweep = SweepKind.None,
        };
        var visit = new JournalVisit(row, IsUnknownToSource: known is null, RejectedDigest: 0, IsNewlyGone: false, Due: false);
        await output.WriteAsync(
            new ConversationDone(visit, conversation.Place, [])
            {
                LeftOut = _leftOut.TryGetValue(conversation.Id, out long left) ? left : null,
            }, cancellationToken);
        tracker.ConversationDone(row.Outcome is ConversationOutcome.Complete or ConversationOutcome.Gone);
    }

    /// <summary>Up to when the archive speaks: nothing later was asked for.</summary>
    private static string AsOf(IndexedConversation known) => known.LastComplete is { } complete
        ? $"as of {Timestamp.FromMicros(complete).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, from the archive"
        : "from the archive, which never showed it to be complete";

    /// <summary>Where the newest row of a message is.</summary>
    private readonly record struct Version(CommittedRun Run, ManifestFile Part, int Group, int Row, bool IsRemoved, long CreatedAt)
    {
        public long? Time => CreatedAt == long.MinValue ? null : CreatedAt;
    }
}
