using KapsoArchive.Core.Lake.Fingerprints;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>Finds the files that an archive waits for, out of the lake alone: if it was made without files, if what its last run left is
/// lost, or if other types of messages are wanted now. Takes the links of the present state of each message.</summary>
internal sealed class WaitingScan(IStore store, RunJournal journal)
{
    private readonly string _prefix = $"{journal.RunId}-{RunJournal.NewTag()}";

    /// <param name="state">With all entries of the journal.</param>
    /// <param name="isDamaged">Whether what was found before cannot be read.</param>
    /// <returns>The state, with an entry that has what was found if anything was missing.</returns>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<RunState> FindAsync(RunState state, MediaScope scope, bool isDamaged, CancellationToken cancellationToken)
    {
        if (state.Head.Previous is not { } newest || (!isDamaged && state.Checkpoints.Any(c => c.HasWaiting)))
            return state;
        WaitingFiles? left = isDamaged ? null : await WaitingFiles.ReadAsync(store, cancellationToken);
        if (left?.RunId == newest.RunId && left.Scope == scope.ToString())
            return state;
        WaitingFiles found = await ScanAsync(left, newest.RunId, scope, cancellationToken);
        var resume = new ResumePointKeeper(state.Point, state.Head);
        Checkpoint entry = await journal.AddAsync(
            Checkpoint.OfFiles(state.NextCheckpoint, [], state.Last?.WorkingSize) with { HasWaiting = true },
            resume, FileQueue.WaitingDocument, found.ToBytes(), cancellationToken);
        return state with { Checkpoints = [.. state.Checkpoints, entry], Point = resume.Point };
    }

    private async Task<WaitingFiles> ScanAsync(
        WaitingFiles? left, string newest, MediaScope scope, CancellationToken cancellationToken)
    {
        bool fromTheBeginning = left is null || left.Scope != scope.ToString();
        Dictionary<UInt128, WaitingFile> known = await KnownAsync(left, cancellationToken);
        List<CommittedRun> runs = [];
        await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(newest, comparesBytes: false, cancellationToken))
        {
            if (fromTheBeginning || string.CompareOrdinal(run.RunId, left!.RunId) > 0)
                runs.Add(run);
        }

        SettledLinks before = left is null ? new SettledLinks([]) : await left.SettledAsync(store, cancellationToken);
        var settled = new SettledLinks([before.With(await SettledInAsync(runs, cancellationToken))]);
        IReadOnlyList<WaitingChunk> chunks = await FindAsync(runs, known, settled, scope, fromTheBeginning, cancellationToken);
        string name = $"{_prefix}.links";
        await WaitingFiles.CreateAsync(store, name, SettledLinks.ToBytes(settled.With([])), cancellationToken);
        return new WaitingFiles(newest, scope.ToString(), chunks, [name]);
    }

    /// <summary>The files that are known to wait, whose newest links and attempts are kept.</summary>
    private async Task<Dictionary<UInt128, WaitingFile>> KnownAsync(WaitingFiles? left, CancellationToken cancellationToken)
    {
        Dictionary<UInt128, WaitingFile> known = [];
        foreach (WaitingChunk chunk in left?.Chunks ?? [])
        {
            foreach (WaitingFile file in await WaitingFiles.ReadAsync(store, chunk, cancellationToken))
                known[file.Key] = file;
        }

        return known;
    }

    private static async Task<HashSet<ulong>> SettledInAsync(IEnumerable<CommittedRun> runs, CancellationToken cancellationToken)
    {
        HashSet<ulong> settled = [];
        foreach (CommittedRun run in runs)
            await IfReadableAsync(() => run.ReadMediaAsync(conversationId: null, Add, cancellationToken));
        return settled;

        void Add(MediaRow row)
        {
            if (row.Outcome != MediaOutcome.Waiting)
                settled.Add(WaitingFile.LinkKeyOf(row.ConversationId, row.MessageId, row.LinkFingerprint));
        }
    }

    /// <summary>A file that is damaged, or deleted by retention, does not stop the run: <c>verify</c> reports it.</summary>
    private static async Task IfReadableAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (DamagedFileException)
        {
            // What it says of its messages is lost.
        }
    }

    private async Task<IReadOnlyList<WaitingChunk>> FindAsync(
        List<CommittedRun> runs, Dictionary<UInt128, WaitingFile> known, SettledLinks settled, MediaScope scope, bool fromTheBeginning,
        CancellationToken cancellationToken)
    {
        var writer = new ChunkWriter(store, _prefix);
        HashSet<UInt128> newer = []; // Messages that have a newer version; the first version of a message needs no mark.
        foreach (CommittedRun run in runs.AsEnumerable().Reverse().Where(r => r.Manifest.Status != Manifest.Closed))
        {
            foreach (ManifestFile part in run.MessageParts)
            {
                await IfReadableAsync(() => run.ReadPartAsync(
                    part, async batch => await AddAsync(await batch.RowsAsync(cancellationToken)), cancellationToken));
            }
        }

        foreach (WaitingFile file in known.Values.Where(_ => !fromTheBeginning)) // Those of messages that these runs did not write.
            await writer.AddAsync(file, cancellationToken);
        return await writer.CompleteAsync(cancellationToken);

        async Task AddAsync(IReadOnlyList<MessageRow> rows)
        {
            foreach (MessageRow row in rows)
            {
                UInt128 key = WaitingFile.KeyOf(row.ConversationId.Span, MessageKey.Of(row.Id.Span));
                bool isPresent = !newer.Contains(key) && row.Change != Change.Removed;
                if (row.Change != Change.Added)
                    newer.Add(key);
                if (!isPresent || !scope.Takes(row.MessageType) || WaitingFile.Of(row) is not { } file)
                    continue;
                known.Remove(key, out WaitingFile? before);
                if (!settled.Contains(file.LinkKey))
                    await writer.AddAsync(before is null ? file : file.Following(before), cancellationToken);
            }
        }
    }
}
