using System.Threading.Channels;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>Adds entries with the files that were tried to the journal. What is staged is durable then.</summary>
internal sealed class TriedWriter
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly RunJournal _journal;
    private readonly TimeProvider _time;
    private readonly ResumePointKeeper _resume;
    private readonly List<FetchedFile> _waiting = [];
    private readonly List<Checkpoint> _written = [];
    private readonly HashSet<string> _paths;
    private readonly int? _workingSize;
    private long _since;
    private int _next;

    /// <param name="state">With all entries of the journal.</param>
    public TriedWriter(RunJournal journal, RunState state, TimeProvider time)
    {
        (_journal, _time, _next, _workingSize) = (journal, time, state.NextCheckpoint, state.Last?.WorkingSize);
        _resume = new ResumePointKeeper(state.Point, state.Head);
        _paths = new HashSet<string>(state.Files.Select(f => f.Entry.Path), StringComparer.Ordinal);
        _since = time.GetTimestamp();
    }

    /// <summary>The entries that were added.</summary>
    public IReadOnlyList<Checkpoint> Written => _written;

    /// <summary>Where the run stands after them.</summary>
    public ResumePoint Point => _resume.Point;

    /// <param name="most">Files in one entry.</param>
    public async Task WriteAsync(ChannelReader<FetchedFile> files, int most, CancellationToken cancellationToken)
    {
        await foreach (FetchedFile file in files.ReadAllAsync(cancellationToken))
        {
            _waiting.Add(file);
            if (_waiting.Count == most)
                await AddEntryAsync(cancellationToken);
        }

        // Time that passed without a file counts too, so that it comes to an end.
        if (_waiting.Count > 0 || (_written.Count == 0 && _time.GetElapsedTime(_since) > OneSecond))
            await AddEntryAsync(cancellationToken);
    }

    private async Task AddEntryAsync(CancellationToken cancellationToken)
    {
        RunFile[] files = [.. _waiting.Select(f => f.Staged).OfType<RunFile>().Where(f => _paths.Add(f.Entry.Path))];
        Checkpoint entry = Checkpoint.OfFiles(_next++, files, _workingSize) with
        {
            Tried = _waiting.Count,
            TriedSeconds = _time.GetElapsedTime(_since).TotalSeconds,
        };
        bool isEmpty = entry.Tried == 0;
        _written.Add(await _journal.AddAsync(
            entry, _resume, isEmpty ? null : TriedFile.Document,
            isEmpty ? default : TriedFile.ToBytes([.. _waiting.Select(f => f.Tried)]), cancellationToken));
        _waiting.Clear();
        _since = _time.GetTimestamp();
    }
}
