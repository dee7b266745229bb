using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>The files of one run: those of the messages that it has read, then those that the archive waits for. It is the same after each
/// interruption, without what has been tried since.</summary>
internal sealed class FileQueue
{
    /// <summary>Files in a document of a journal's entry with the files of the messages that were read.</summary>
    public const int MostLinks = 5_000;

    /// <summary>The document of a journal's entry with what the archive waits for, if the run had to find that out.</summary>
    public const string WaitingDocument = "waiting";

    private readonly IStore _store;
    private readonly RunJournal _journal;
    private readonly RunState _state;
    private readonly long _now;
    private readonly Dictionary<UInt128, TriedFile> _tried = [];
    private readonly HashSet<UInt128> _read = [];
    private readonly Dictionary<UInt128, WaitingFile> _before = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    private FileQueue(IStore store, RunJournal journal, RunState state, WaitingFiles waiting, SettledLinks settled)
    {
        (_store, _journal, _state, Waiting, Settled) = (store, journal, state, waiting, settled);
        _now = state.Run.ArchivedAtMicros;
    }

    /// <summary>A document of a journal's entry with files of the messages that were read.</summary>
    public static string LinksDocument(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D4}.links");

    /// <summary>What the archive waited for when the run began.</summary>
    public WaitingFiles Waiting { get; }

    public SettledLinks Settled { get; }

    /// <summary>What the run has tried, by key.</summary>
    public IReadOnlyDictionary<UInt128, TriedFile> Tried => _tried;

    /// <param name="state">With all entries of the journal.</param>
    /// <param name="waiting">What the archive waited for when the run began.</param>
    /// <exception cref="InvalidDataException">A document is missing or damaged.</exception>
    public static async Task<FileQueue> OpenAsync(
        IStore store, RunJournal journal, RunState state, WaitingFiles waiting, CancellationToken cancellationToken)
    {
        var queue = new FileQueue(store, journal, state, waiting, await waiting.SettledAsync(store, cancellationToken));
        foreach (Checkpoint entry in state.Checkpoints.Where(c => c.Tried > 0))
        {
            foreach (TriedFile file in await journal.ReadAsync(
                entry, TriedFile.Document, bytes => TriedFile.FromBytes(bytes, state.Run), cancellationToken))
                queue._tried[file.Key] = file;
        }

        if (waiting.Chunks.Count > 0)
            await queue.FindReadAgainAsync(cancellationToken);
        return queue;
    }

    /// <summary>The files, in batches in the order in which they are tried: what was read first, then the newest messages.</summary>
    /// <param name="all">Whether to return those too that are not due, of every document that changes.</param>
    /// <returns>Each batch with the document of the state area in which it waited; null if the run has read it.</returns>
    public async IAsyncEnumerable<(WaitingChunk? Chunk, IReadOnlyList<WaitingFile> Files)> BatchesAsync(
        bool all, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<UInt128> seen = [];
        await foreach (IReadOnlyList<WaitingFile> links in LinksAsync(cancellationToken))
            yield return (null, NewestFirst(links.Where(f => IsOpen(f) && seen.Add(f.Key)).Select(Joined)));

        foreach (WaitingChunk chunk in Waiting.Chunks.OrderByDescending(c => c.Newest))
        {
            if (!_state.Head.OnlyFiles && chunk.NextAt > _now && !(all && _touched.Contains(chunk.Name)))
                continue;
            IReadOnlyList<WaitingFile> files = await WaitingFiles.ReadAsync(_store, chunk, cancellationToken);
            yield return (chunk, NewestFirst(files.Where(f => !_read.Contains(f.Key))));
        }
    }

    /// <summary>Finds the waiting files whose messages the run has read again, perhaps with another link.</summary>
    private async Task FindReadAgainAsync(CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<WaitingFile> links in LinksAsync(cancellationToken))
            _read.UnionWith(links.Where(IsOpen).Select(f => f.Key));
        if (_read.Count == 0)
            return;
        foreach (WaitingChunk chunk in Waiting.Chunks)
        {
            foreach (WaitingFile file in await WaitingFiles.ReadAsync(_store, chunk, cancellationToken))
            {
                if (!_read.Contains(file.Key))
                    continue;
                _before[file.Key] = file;
                _touched.Add(chunk.Name);
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<WaitingFile>> LinksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (Checkpoint entry in _state.Checkpoints)
        {
            for (int i = 0; i < entry.Links; i++)
                yield return await _journal.ReadAsync(entry, LinksDocument(i), WaitingChunk.FromBytes, cancellationToken);
        }
    }

    private bool IsOpen(WaitingFile file) => !Settled.Contains(file.LinkKey);

    private WaitingFile Joined(WaitingFile file) =>
        _before.TryGetValue(file.Key, out WaitingFile? before) ? file.Following(before) : file;

    private static WaitingFile[] NewestFirst(IEnumerable<WaitingFile> files) => [.. files.OrderByDescending(f => f.CreatedAt ?? 0)];
}
