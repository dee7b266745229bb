using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>The Parquet parts of a run, opened together, with their row groups numbered across all parts.</summary>
internal sealed class PartSet : IAsyncDisposable
{
    private readonly List<Stream> _contents = [];
    private readonly List<(RunFile File, MessageBatch Batch)> _groups = [];
    private (int Number, IReadOnlyList<MessageRow> Rows)? _last;

    public int GroupCount => _groups.Count;

    /// <summary>One row group.</summary>
    public MessageBatch this[int group] => _groups[group].Batch;

    /// <param name="files">The parts; they are visible.</param>
    /// <exception cref="InvalidDataException">A part is missing or invalid.</exception>
    public static async Task<PartSet> OpenAsync(IStore store, IEnumerable<RunFile> files, CancellationToken cancellationToken)
    {
        var set = new PartSet();
        try
        {
            foreach (RunFile file in files)
            {
                Stream content = await store.OpenReadAsync(file.Staged.Path, cancellationToken)
                    ?? throw new InvalidDataException($"{file.Entry.Path} is missing");
                set._contents.Add(content);
                await foreach (MessageBatch batch in PartReader.BatchesAsync(PartFormat.Parquet, content, cancellationToken))
                    set._groups.Add((file, batch));
            }

            return set;
        }
        catch (Exception)
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public ManifestFile FileOf(int group) => _groups[group].File.Entry;

    /// <summary>All rows of a group. The last group is cached: the next request often begins with it.</summary>
    public async Task<IReadOnlyList<MessageRow>> ReadAsync(int group, CancellationToken cancellationToken)
    {
        if (_last is not { } last || last.Number != group)
        {
            _last = null; // Frees the memory before the next group is read.
            _last = last = (group, await this[group].StoredRowsAsync(cancellationToken));
        }

        return last.Rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Stream content in _contents)
            await content.DisposeAsync();
    }
}
