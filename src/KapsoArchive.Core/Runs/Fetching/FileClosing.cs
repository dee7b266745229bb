using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Runs.Writing;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>Ends the work on files for a run: stages the media dataset, counts, and prepares what the next run finds waiting.</summary>
internal sealed class FileClosing(ProjectArchive archive, RunJournal journal, RunState state)
{
    /// <summary>Segments of settled links, after which they become one.</summary>
    private const int MostSegments = 16;

    private readonly string _prefix = $"{journal.RunId}-{RunJournal.NewTag()}";

    /// <param name="files">Gets the dataset's file.</param>
    /// <param name="isFirst">Whether no committed run has the dataset: then it is written without rows too, so that engines find
    /// it.</param>
    public async Task<ClosedFiles> StageAsync(RunFiles files, Func<Task<bool>> isFirst, CancellationToken cancellationToken)
    {
        MediaScope scope = FileFetching.ScopeOf(archive, state.Head);
        if (scope.IsNone)
            return new ClosedFiles([], null, null);
        FileQueue queue = await FileFetching.OpenQueueAsync(archive, journal, state, scope, cancellationToken);
        bool isExport = state.Head.Kind == RunKind.Export;
        (WaitingFiles? waiting, long untried) = isExport
            ? (null, await CountUntriedAsync(queue, cancellationToken))
            : await CloseAsync(queue, scope, cancellationToken);
        MediaRow[] rows = await StageRowsAsync(queue, files, isFirst, cancellationToken);
        return new ClosedFiles(rows, TotalsOf(queue, untried), waiting?.ToBytes().ToArray());
    }

    private async Task<MediaRow[]> StageRowsAsync(
        FileQueue queue, RunFiles files, Func<Task<bool>> isFirst, CancellationToken cancellationToken)
    {
        MediaRow[] rows =
        [
            .. queue.Tried.Values
                .Select(t => (t.Row, Conversation: Utf8Text.From(t.Row.ConversationId), Id: Utf8Text.From(t.Row.MessageId)))
                .OrderBy(r => r.Conversation).ThenBy(r => r.Id).Select(r => r.Row),
        ];
        if (rows.Length == 0 && !await isFirst())
            return rows;
        await using StagingStream stream = await files.StageAsync(files.Layout.Media, cancellationToken);
        await DatasetFile.WriteAsync(Datasets.Media, stream, state.Run, rows, cancellationToken);
        await files.CompleteAsync(stream, Datasets.Media.Name, "parquet", rows.Length, null, null, cancellationToken);
        return rows;
    }

    private static async Task<long> CountUntriedAsync(FileQueue queue, CancellationToken cancellationToken)
    {
        long untried = 0;
        await foreach ((_, IReadOnlyList<WaitingFile> files) in queue.BatchesAsync(all: true, cancellationToken))
            untried += files.Count(f => !queue.Tried.ContainsKey(f.Key));
        return untried;
    }

    /// <summary>Writes what is left of the files that changed. Documents without such files stay.</summary>
    private async Task<(WaitingFiles Waiting, long Untried)> CloseAsync(
        FileQueue queue, MediaScope scope, CancellationToken cancellationToken)
    {
        var writer = new ChunkWriter(archive.Store, _prefix);
        HashSet<string> replaced = new(StringComparer.Ordinal);
        HashSet<ulong> settled = [.. queue.Tried.Values.Where(t => t.Left is null).Select(t => t.LinkKey)];
        long now = state.Run.ArchivedAtMicros;
        await foreach ((WaitingChunk? chunk, IReadOnlyList<WaitingFile> files) in queue.BatchesAsync(all: true, cancellationToken))
        {
            if (chunk is not null)
                replaced.Add(chunk.Name);
            foreach (WaitingFile file in files)
            {
                if (file.IsGone && file.NextAt <= now && !queue.Tried.ContainsKey(file.Key))
                    settled.Add(file.LinkKey);
                else if (!queue.Tried.TryGetValue(file.Key, out TriedFile? tried))
                    await writer.AddAsync(file, cancellationToken);
                else if (tried.Left is { } left)
                    await writer.AddAsync(left, cancellationToken);
            }
        }

        WaitingChunk[] chunks =
            [.. queue.Waiting.Chunks.Where(c => !replaced.Contains(c.Name)), .. await writer.CompleteAsync(cancellationToken)];
        long waiting = queue.Tried.Values.LongCount(t => t.Left is { IsGone: false });
        return (
            new WaitingFiles(journal.RunId, scope.ToString(), chunks, await SettleAsync(queue, settled, cancellationToken)),
            chunks.Sum(c => (long)c.Waiting) - waiting);
    }

    private async Task<IReadOnlyList<string>> SettleAsync(FileQueue queue, HashSet<ulong> settled, CancellationToken cancellationToken)
    {
        if (settled.Count == 0)
            return queue.Waiting.Settled;
        bool isOne = queue.Waiting.Settled.Count >= MostSegments;
        ulong[] segment = isOne ? queue.Settled.With(settled) : [.. settled.Order()];
        string name = $"{_prefix}.links";
        await WaitingFiles.CreateAsync(archive.Store, name, SettledLinks.ToBytes(segment), cancellationToken);
        return isOne ? [name] : [.. queue.Waiting.Settled, name];
    }

    private MediaTotals TotalsOf(FileQueue queue, long untried)
    {
        ILookup<MediaOutcome, TriedFile> tried = queue.Tried.Values.ToLookup(t => t.Row.Outcome);
        return new MediaTotals(
            Of(MediaOutcome.Stored), Of(MediaOutcome.Waiting), Of(MediaOutcome.Gone), Of(MediaOutcome.TooLarge), Of(MediaOutcome.Refused),
            Of(MediaOutcome.Failed), state.Files.Where(f => f.Entry.Dataset == Datasets.MediaFiles).Sum(f => f.Entry.Bytes), untried);

        long Of(MediaOutcome outcome) => tried[outcome].LongCount();
    }
}

/// <summary>The end of a run's work on files.</summary>
/// <param name="Rows">Of the media dataset.</param>
/// <param name="Totals">Null if the run fetches no files.</param>
/// <param name="Waiting">The document that takes the place of <see cref="WaitingFiles"/>; null for an export, and likewise.</param>
internal sealed record ClosedFiles(IReadOnlyList<MediaRow> Rows, MediaTotals? Totals, byte[]? Waiting);
