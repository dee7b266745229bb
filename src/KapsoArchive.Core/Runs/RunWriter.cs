using System.Threading.Channels;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Runs.Fetching;
using KapsoArchive.Core.Runs.Reading;
using KapsoArchive.Core.Runs.Writing;
using KapsoArchive.Core.Sweeps;

namespace KapsoArchive.Core.Runs;

/// <summary>Writes the output of the readers to parts, and adds a journal entry for each closed part. Everything before that entry is
/// durable.</summary>
internal sealed class RunWriter : IAsyncDisposable
{
    /// <summary>Maximum size of the rejected records that wait for the open part to be closed, in bytes.</summary>
    private const int MostRejectedBytes = 16 * 1024 * 1024;

    private readonly RunJournal _journal;
    private readonly RunFiles _files;
    private readonly RunTracker _tracker;
    private readonly MessageParts _parts;
    private readonly ArrayBufferWriter<byte> _rejected = new();
    private readonly ResumePointKeeper _resume;
    private readonly ItemPacker _done = new();
    private readonly List<ConversationDone> _failed = [];
    private readonly List<PausedConversation> _paused = [];
    private readonly List<Checkpoint> _written = [];
    private readonly MediaScope _media;
    private readonly List<WaitingFile> _links = [];
    private Dictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private long _unfit;
    private long _repaired;
    private long _messages;
    private long _rejectedCount;
    private int _next;
    private int _entries;
    private int _linkDocuments;
    private string _tag = RunJournal.NewTag();

    /// <param name="media">The types of messages whose files are fetched later.</param>
    public RunWriter(RunJournal journal, RunState state, RunFiles files, RunLimits limits, MediaScope media, RunTracker tracker)
    {
        (_journal, _files, _media, _tracker, _next) = (journal, files, media, tracker, state.NextCheckpoint);
        _resume = new ResumePointKeeper(state.Point, state.Head);
        _parts = new MessageParts(files, state.Run, state.Head.PartFormats, limits, state.Sums.Parts, SaveEntriesAsync, CheckpointAsync);
    }

    /// <summary>The entries that were added to the journal.</summary>
    public IReadOnlyList<Checkpoint> Written => _written;

    /// <summary>Where the run stands after them.</summary>
    public ResumePoint Point => _resume.Point;

    /// <summary>Whether failed conversations count as finished; set before the last item. After an outage they do not, because the outage
    /// made them fail.</summary>
    public bool KeepsFailures { get; set; } = true;

    /// <summary>How the source pages; kept for the next slice.</summary>
    public SourceShape? Shape { get; set; }

    public async Task WriteAsync(ChannelReader<ReadItem> items, CancellationToken cancellationToken)
    {
        await foreach (ReadItem item in items.ReadAllAsync(cancellationToken))
        {
            switch (item)
            {
                case RowBatch batch:
                    Count(batch.Rows);
                    await AddLinksAsync(batch.Rows, cancellationToken); // Before the rows: the entry that has them has these too.
                    await _parts.AddAsync(batch.Rows, cancellationToken);
                    break;
                case LinksSeen seen:
                    await AddLinksAsync(seen.Rows, cancellationToken);
                    break;
                case RejectedBatch batch:
                    Add(batch.Records);
                    if (_rejected.WrittenCount > MostRejectedBytes)
                        await CloseAsync(cancellationToken);
                    break;
                case ConversationDone done:
                    _tracker.ConversationDone(done.Visit.Row.Outcome is ConversationOutcome.Complete or ConversationOutcome.Gone);
                    NoteLeftOut(done.Visit.Row.ConversationId, done.LeftOut);
                    if (done.Visit is { Row.Outcome: ConversationOutcome.Failed, IsUnknownToSource: false })
                        _failed.Add(done);
                    else
                        Finish(done);
                    Add(done.Rejected);
                    break;
                case ConversationPaused paused:
                    _paused.Add(paused.Conversation);
                    NoteLeftOut(paused.Conversation.ConversationId, paused.LeftOut);
                    break;
                default:
                    throw new InvalidOperationException($"A {item.GetType().Name} cannot be written.");
            }
        }

        if (!KeepsFailures)
            _failed.Clear();
        await CloseAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _done.Dispose();
        return _parts.DisposeAsync();
    }

    /// <summary>Closes the open part, and writes everything that waits.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _parts.CompleteAsync(cancellationToken);
        if (_done.Count > 0 || _failed.Count > 0 || _paused.Count > 0 || _rejectedCount > 0 || _links.Count > 0)
            await CheckpointAsync(cancellationToken);
    }

    private void Count(IReadOnlyList<MessageRow> rows)
    {
        _resume.Begin(rows[0].ConversationId.ToString()!);
        _messages += rows.Count;
        foreach (MessageRow row in rows)
        {
            _unfit += row.Unfit;
            _repaired += row.NeedsRepair ? 1 : 0;
        }
    }

    private async Task AddLinksAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken)
    {
        foreach (MessageRow row in _media.IsNone ? [] : rows)
        {
            if (row.Change == Change.Removed || !_media.Takes(row.MessageType) || WaitingFile.Of(row) is not { } file)
                continue;
            _links.Add(file);
            if (_links.Count == FileQueue.MostLinks)
                await SaveLinksAsync(cancellationToken);
        }
    }

    private async Task SaveLinksAsync(CancellationToken cancellationToken)
    {
        if (_links.Count == 0)
            return;
        await _journal.SaveAsync(
            _next, _tag, FileQueue.LinksDocument(_linkDocuments++), WaitingChunk.ToBytes(_links), cancellationToken);
        _links.Clear();
    }

    private void NoteLeftOut(string conversationId, long? count)
    {
        if (count is not { } number)
            return;
        _leftOut[conversationId] = number;
        _resume.Begin(conversationId);
    }

    private void Finish(ConversationDone done)
    {
        _done.Add(done.Visit.Write);
        _resume.Finish(done.Visit.Row.ConversationId, done.Place);
    }

    private void Add(IReadOnlyList<RejectedRecord> records)
    {
        foreach (RejectedRecord record in records)
            record.WriteLine(_rejected);
        _rejectedCount += records.Count;
    }

    private async Task SaveEntriesAsync(PartEntries entries, CancellationToken cancellationToken)
    {
        string name = await _journal.SaveEntriesAsync(_tag, _next, _entries++, entries, cancellationToken);
        foreach ((string id, int start, int length) in entries.Places)
            _resume.Save(id, new EntriesPlace(name, start, length));
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        _failed.ForEach(Finish);
        _failed.Clear();
        await SaveLinksAsync(cancellationToken);
        JournalSums before = _resume.Point.Sums;
        var checkpoint = new Checkpoint(
            _next++,
            _files.Take(),
            HasEntries: _entries > 0,
            _rejectedCount,
            HasPaused: _paused.Count > 0,
            _messages,
            _tracker.Requests - before.Requests,
            _tracker.Retries - before.Retries,
            _tracker.Throttled - before.Throttled)
        {
            Tag = _tag,
            MoreEntries = Math.Max(0, _entries - 1),
            WorkingSize = Shape?.WorkingSize,
            Unfit = _unfit,
            Repaired = _repaired,
            LeftOut = _leftOut.Count > 0 ? _leftOut : null,
            Links = _linkDocuments,
            Done = _done.Take(),
        };
        _resume.Add(checkpoint, _paused);
        checkpoint = checkpoint with { Resume = _resume.Point };
        await _journal.AddAsync(checkpoint, _rejected.WrittenSpan.ToArray(), _paused, cancellationToken);
        _written.Add(checkpoint);
        (_entries, _linkDocuments) = (0, 0);
        _tag = RunJournal.NewTag();
        (_messages, _unfit, _repaired) = (0, 0, 0);
        _leftOut = new Dictionary<string, long>(StringComparer.Ordinal);
        _rejectedCount = 0;
        _rejected.ResetWrittenCount();
        _paused.Clear();
    }
}
