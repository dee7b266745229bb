using System.Threading.Channels;
using KapsoArchive.Core.Media.Waiting;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>The second stage of a run, after all messages are read: fetches files behind messages, several at once, until none is due, or
/// the time for files or the slice is over. What it has tried is durable after each entry of the journal.</summary>
internal sealed class FileFetching(ProjectArchive archive, RunJournal journal, RunTracker tracker)
{
    /// <summary>Files in one entry of the journal.</summary>
    private const int EntryFiles = 256;

    /// <summary>Files in a row that could not be reached, after which the rest waits for the next night.</summary>
    private const int MostUnreachable = 24;

    /// <summary>How long downloads may go on when the time for files is over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private int _unreachable;

    private TimeSpan LongestInSlice => TimeSpan.FromTicks(
        Math.Min(TimeSpan.FromMinutes(2).Ticks, archive.Options.SliceDuration.Ticks * 4 / 5));

    /// <param name="state">With all entries of the journal.</param>
    /// <param name="clock">Ends the slice.</param>
    /// <returns>The state after the slice, and whether nothing is left to do.</returns>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<(RunState State, bool IsDone)> FetchAsync(RunState state, SliceClock clock, CancellationToken cancellationToken)
    {
        MediaScope scope = ScopeOf(archive, state.Head);
        if (scope.IsNone)
            return (state, true);
        tracker.Phase = RunPhase.FetchingFiles;
        try
        {
            return await FetchAsync(state, scope, isDamaged: false, clock, cancellationToken);
        }
        catch (InvalidDataException) when (state.Head.Kind == RunKind.Archive)
        {
            // What the archive waits for is found again. If the journal is damaged, this fails too.
            state = await journal.LoadAsync(cancellationToken);
            return await FetchAsync(state, scope, isDamaged: true, clock, cancellationToken);
        }
    }

    private async Task<(RunState State, bool IsDone)> FetchAsync(
        RunState state, MediaScope scope, bool isDamaged, SliceClock clock, CancellationToken cancellationToken)
    {
        bool isArchive = state.Head.Kind == RunKind.Archive;
        if (isArchive)
            state = await new WaitingScan(archive.Store, journal).FindAsync(state, scope, isDamaged, cancellationToken);
        FileQueue queue = await OpenQueueAsync(archive, journal, state, scope, cancellationToken);
        TimeSpan left = isArchive && !state.Head.OnlyFiles
            ? archive.Options.MediaDuration - TimeSpan.FromSeconds(state.Checkpoints.Sum(c => c.TriedSeconds))
            : TimeSpan.MaxValue;
        if (left <= TimeSpan.Zero || queue.Tried.Count >= archive.Limits.Files)
            return (state, true);
        var writer = new TriedWriter(journal, state, archive.Time);
        await FetchAsync(queue, state, left, writer, clock, cancellationToken);
        return (state with { Checkpoints = [.. state.Checkpoints, .. writer.Written], Point = writer.Point }, !clock.IsEnding);
    }

    /// <summary>The types of messages whose files a run fetches.</summary>
    /// <exception cref="SettingException">The setting is wrong.</exception>
    public static MediaScope ScopeOf(ProjectArchive archive, JournalHead head) =>
        head.Choice is { WithoutMedia: true } ? MediaScope.None : MediaScope.Parse(archive.Options.Media);

    /// <summary>Opens the files of a run. An export waits for nothing.</summary>
    /// <exception cref="InvalidDataException">A document is missing or damaged.</exception>
    public static async Task<FileQueue> OpenQueueAsync(
        ProjectArchive archive, RunJournal journal, RunState state, MediaScope scope, CancellationToken cancellationToken)
    {
        WaitingFiles? waiting = state.Head.Kind == RunKind.Export ? null
            : state.Checkpoints.LastOrDefault(c => c.HasWaiting) is { } entry
                ? await journal.ReadAsync(entry, FileQueue.WaitingDocument, WaitingFiles.FromBytes, cancellationToken)
            : await WaitingFiles.ReadAsync(archive.Store, cancellationToken);
        return await FileQueue.OpenAsync(
            archive.Store, journal, state, waiting ?? new WaitingFiles(RunId: null, scope.ToString(), [], []), cancellationToken);
    }

    private async Task FetchAsync(
        FileQueue queue, RunState state, TimeSpan left, TriedWriter writer, SliceClock clock, CancellationToken cancellationToken)
    {
        var fetch = new FileFetch(archive, state.Head);
        foreach (RunFile file in state.Files.Where(f => f.Entry.Dataset == Datasets.MediaFiles))
            fetch.Add(file);
        bool isEndless = left == TimeSpan.MaxValue;
        using var ending = new CancellationTokenSource(isEndless ? Timeout.InfiniteTimeSpan : left, archive.Time);
        using var over = new CancellationTokenSource(isEndless ? Timeout.InfiniteTimeSpan : left + Grace, archive.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(clock.Stop, over.Token);
        Channel<FetchedFile> fetched = Channel.CreateBounded<FetchedFile>(new BoundedChannelOptions(EntryFiles) { SingleReader = true });
        await Together.DoAsync(
            async abort =>
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, abort);
                int room = archive.Limits.Files - queue.Tried.Count;
                await foreach ((_, IReadOnlyList<WaitingFile> batch) in queue.BatchesAsync(all: false, abort))
                {
                    if (IsEnding() || room <= 0)
                        break;
                    WaitingFile[] due = [.. batch.Where(f => IsDue(f, queue, state.Head)).Take(room)];
                    room -= due.Length;
                    if (state.Head.Source is ExportSource.Archive or ExportSource.Both && due.Length > 0)
                        fetch.Archived = await ArchivedFiles.ReadAsync(archive.Store, due, abort);
                    await FetchAsync(fetch, due, IsEnding, fetched.Writer, both.Token, clock.Interruption, abort);
                }

                fetched.Writer.Complete();
            },
            abort => writer.WriteAsync(fetched.Reader, EntryFiles, abort), cancellationToken);

        bool IsEnding() => clock.IsEnding || ending.IsCancellationRequested || Volatile.Read(ref _unreachable) >= MostUnreachable;
    }

    private async Task FetchAsync(
        FileFetch fetch, WaitingFile[] files, Func<bool> isEnding, ChannelWriter<FetchedFile> fetched,
        CancellationToken stop, CancellationToken interruption, CancellationToken abort)
    {
        tracker.AddFilesDue(files.Length);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = archive.Options.MediaConcurrency, CancellationToken = abort };
        await Parallel.ForEachAsync(files, parallel, async (file, _) =>
        {
            if (isEnding())
                return;
            long begun = archive.Time.GetTimestamp();
            try
            {
                await EndAsync(await fetch.FetchAsync(file, stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !abort.IsCancellationRequested)
            {
                // The attempt does not count, unless it would not end in another slice either.
                if (!interruption.IsCancellationRequested && archive.Time.GetElapsedTime(begun) > LongestInSlice)
                    await EndAsync(fetch.TooSlow(file));
            }
        });

        async Task EndAsync(FetchedFile one)
        {
            if (one.Tried.Row.Outcome == MediaOutcome.Waiting)
                Interlocked.Increment(ref _unreachable);
            else
                Volatile.Write(ref _unreachable, 0);
            await fetched.WriteAsync(one, abort);
            tracker.FileDone();
        }
    }

    private static bool IsDue(WaitingFile file, FileQueue queue, JournalHead head) =>
        !queue.Tried.ContainsKey(file.Key) && (file.IsDue(head.StartedAt) || (head.OnlyFiles && !file.IsGone));
}
