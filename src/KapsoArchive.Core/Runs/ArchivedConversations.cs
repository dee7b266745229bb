using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>Reads some conversations out of the archive: finds the versions of each message in one pass over the parts, and reads the rows
/// to export in another. Of a message that the source just listed, the archive has nothing to add but earlier versions.</summary>
internal sealed class ArchivedConversations(
    IStore store, RunState state, IndexCatalog catalog, ChannelWriter<ReadItem> output, RunTracker tracker)
{
    private readonly Dictionary<string, Messages> _conversations = new(StringComparer.Ordinal);
    private readonly bool _takesAll = state.Head.Choice?.TakesAll != false;
    private Utf8Text[] _ids = [];

    /// <param name="ends">The conversations, as far as the source was asked for them.</param>
    /// <exception cref="StoreException">The archive is damaged.</exception>
    public async Task ReadAsync(IReadOnlyList<ConversationDone> ends, CancellationToken cancellationToken)
    {
        foreach (ConversationDone end in ends)
            _conversations.Add(end.Visit.Row.ConversationId, new Messages());
        _ids = [.. _conversations.Keys.Select(Utf8Text.From)];
        try
        {
            await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(catalog.RunId, comparesBytes: false, cancellationToken))
                await run.ReadMessagesAsync((part, batch) => FindAsync(run, part, batch, cancellationToken), cancellationToken);
            Place[] wanted = [.. ends.SelectMany(Wanted)];
            foreach (var part in wanted.GroupBy(p => (p.Run, p.Part)))
            {
                ILookup<int, int> rows = part.ToLookup(p => p.Group, p => p.Row);
                await part.Key.Run.ReadPartAsync(part.Key.Part, batch => EmitAsync(batch, rows, cancellationToken), cancellationToken);
            }
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }

        foreach (ConversationDone end in ends)
            await FinishAsync(end, cancellationToken);
    }

    /// <summary>Keeps the place of each message in the batch. Runs come oldest first.</summary>
    private async Task FindAsync(CommittedRun run, ManifestFile part, MessageBatch batch, CancellationToken cancellationToken)
    {
        if (!_ids.Any(batch.MayHold))
            return;
        Utf8Text[] conversations = await batch.TextAsync("conversation_id", cancellationToken);
        Columns? columns = null;
        Messages? messages = null;
        for (int row = 0; row < conversations.Length; row++)
        {
            if (row == 0 || conversations[row] != conversations[row - 1])
                messages = _conversations.GetValueOrDefault(conversations[row].ToString()!);
            if (messages is null)
                continue;
            columns ??= await Columns.ReadAsync(batch, _takesAll, cancellationToken);
            UInt128 key = MessageKey.Of(columns.Ids[row].Span);
            var place = new Place(run, part, batch.Number, row);
            if (state.Head.AllVersions)
                messages.Rows.Add((key, place));
            ref Newest newest = ref CollectionsMarshal.GetValueRefOrAddDefault(messages.Newest, key, out bool isKnown);
            if (Datasets.ToChange(columns.Changes[row].Span) == Change.Removed)
                newest = isKnown ? newest with { IsRemoved = true } : new Newest(place, IsRemoved: true, IsTaken: _takesAll, long.MinValue);
            else
                newest = new Newest(place, IsRemoved: false, columns.Takes(row, state.Head.Choice), columns.Times[row]);
        }
    }

    /// <summary>The rows to export: of messages that the request takes, and not yet written.</summary>
    private IEnumerable<Place> Wanted(ConversationDone end)
    {
        string id = end.Visit.Row.ConversationId;
        Messages messages = _conversations[id];
        IReadOnlyDictionary<UInt128, Change>? written = state.Written.GetValueOrDefault(id);
        foreach ((UInt128 key, Newest newest) in messages.Newest)
        {
            bool isSeen = end.Saw?.Invoke(key) == true;
            messages.Present += newest.IsRemoved || isSeen ? 0 : 1;
            if ((newest.IsRemoved && !state.Head.AllVersions) || isSeen || !newest.IsTaken)
                continue;
            messages.LeftOut += newest.Time is null && !state.Head.Range.IsAll ? 1 : 0;
            if (!state.Head.AllVersions && state.Head.Range.Holds(newest.Time) && written?.ContainsKey(key) != true)
                yield return newest.Place;
        }

        foreach ((UInt128 key, Place place) in messages.Rows)
        {
            Newest newest = messages.Newest[key];
            if (newest.IsTaken && state.Head.Range.Holds(newest.Time) && written?.ContainsKey(KeyOf(key, place.Run.RunId)) != true)
                yield return place;
        }
    }

    private async Task EmitAsync(MessageBatch batch, ILookup<int, int> wanted, CancellationToken cancellationToken)
    {
        if (!wanted.Contains(batch.Number))
            return;
        IReadOnlyList<MessageRow> rows = await batch.RowsAsync(cancellationToken);
        foreach (var conversation in wanted[batch.Number].Select(row => rows[row]).GroupBy(r => r.ConversationId))
        {
            Messages messages = _conversations[conversation.Key.ToString()!];
            MessageRow[] found = [.. conversation];
            foreach (MessageRow row in found)
            {
                Prepare(row);
                messages.Emitted[(int)row.Change]++;
            }

            await output.WriteAsync(new RowBatch(found), cancellationToken);
            tracker.AddMessages(found.Length);
        }
    }

    /// <summary>Makes it a row of the export. A row of the history keeps its run and its change.</summary>
    private void Prepare(MessageRow row)
    {
        row.Key = MessageKey.Of(row.Id.Span, out bool isUuid);
        row.KeyIsUuid = isUuid;
        if (state.Head.AllVersions)
            (row.Key, row.KeyIsUuid) = (KeyOf(row.Key, row.Run.RunId), true);
        else
            (row.Run, row.Change) = (state.Run, Change.Added);
        if (!row.Record.HasValue && row.Change != Change.Removed) // JSONL is written from it, and its length bounds the parts.
            row.Record = RecordRebuild.Of(row);
    }

    private async Task FinishAsync(ConversationDone end, CancellationToken cancellationToken)
    {
        ConversationRow swept = end.Visit.Row;
        Messages messages = _conversations[swept.ConversationId];
        ConversationRow row = Merged(end, catalog.Find(swept.ConversationId)) with
        {
            Added = swept.Added + messages.Emitted[(int)Change.Added],
            Changed = swept.Changed + messages.Emitted[(int)Change.Changed],
            Removed = swept.Removed + messages.Emitted[(int)Change.Removed],
            DistinctCount = swept.DistinctCount + messages.Present,
        };
        long? leftOut = messages.LeftOut > 0 ? messages.LeftOut + (end.LeftOut ?? 0) : end.LeftOut;
        await output.WriteAsync(end with { Visit = end.Visit with { Row = row }, LeftOut = leftOut, Saw = null }, cancellationToken);
    }

    /// <summary>What the export says of the conversation: as of when, from where, and with which outcome.</summary>
    private static ConversationRow Merged(ConversationDone end, IndexedConversation? known)
    {
        ConversationRow row = end.Visit.Row;
        bool isAsked = end.Saw is not null;
        if (known is null)
        {
            const string Unknown = IncompleteReason.NotArchived;
            return isAsked ? row : row with { Reason = row.Reason is { } reason ? $"{reason}, and {Unknown}" : Unknown };
        }

        if (row.From is not null)
            return row with { From = ExportSource.Both };
        bool isGone = end.Visit.IsUnknownToSource || row.Outcome == ConversationOutcome.Gone;
        bool hasSome = row.Reason is not null && row.Added + row.Changed > 0;
        return row with
        {
            From = hasSome && !isGone ? ExportSource.Both : ExportSource.Archive,
            AsOf = known.LastComplete,
            Rejected = known.Rejected,
            Outcome = isGone ? ConversationOutcome.Gone
                : isAsked || known.Outcome == ConversationOutcome.Failed ? ConversationOutcome.Incomplete
                : known.Outcome,
            Reason = isGone ? "Kapso no longer knows it" : row.Reason,
        };
    }

    /// <summary>The key of one version of a message in the journal of an export that has several.</summary>
    private static UInt128 KeyOf(UInt128 message, string runId)
    {
        Span<byte> version = stackalloc byte[128];
        BinaryPrimitives.WriteUInt128LittleEndian(version, message);
        return XxHash128.HashToUInt128(version[..(16 + Encoding.UTF8.GetBytes(runId, version[16..]))]);
    }

    /// <summary>What was found of one conversation.</summary>
    private sealed class Messages
    {
        public Dictionary<UInt128, Newest> Newest { get; } = [];

        /// <summary>Every row, for an export of all versions.</summary>
        public List<(UInt128 Key, Place Place)> Rows { get; } = [];

        /// <summary>Number of present messages that the source did not list.</summary>
        public long Present { get; set; }

        public long LeftOut { get; set; }

        /// <summary>Number of rows passed on, by change.</summary>
        public long[] Emitted { get; } = new long[3];
    }

    /// <summary>The columns that decide which messages are exported.</summary>
    private sealed record Columns(Utf8Text[] Ids, Utf8Text[] Changes, long[] Times, Utf8Text[] Directions, Utf8Text[] Types)
    {
        public static async Task<Columns> ReadAsync(MessageBatch batch, bool takesAll, CancellationToken cancellationToken) => new(
            await batch.TextAsync("id", cancellationToken),
            await batch.TextAsync("change", cancellationToken),
            await batch.TimesAsync(cancellationToken),
            takesAll ? [] : await batch.TextAsync("direction", cancellationToken),
            takesAll ? [] : await batch.TextAsync("message_type", cancellationToken));

        public bool Takes(int row, ExportChoice? choice) => Types.Length == 0 || choice!.Takes(Directions[row], Types[row]);
    }

    /// <summary>Where a row is.</summary>
    private readonly record struct Place(CommittedRun Run, ManifestFile Part, int Group, int Row);

    /// <summary>The newest version of a message that has content.</summary>
    /// <param name="IsRemoved">Whether the message was removed since.</param>
    /// <param name="IsTaken">Whether its direction and type are requested.</param>
    /// <param name="CreatedAt">The minimum value if the message has no time.</param>
    private readonly record struct Newest(Place Place, bool IsRemoved, bool IsTaken, long CreatedAt)
    {
        public long? Time => CreatedAt == long.MinValue ? null : CreatedAt;
    }
}
