using KapsoArchive.Core.Journal;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>The Parquet parts of a run, opened together, with their row groups numbered across all parts.</summary>
internal sealed class PartSet : IAsyncDisposable
{
    private readonly List<(RunFile File, Stream Content, MessagePartFile Part)> _parts = [];
    private readonly List<(int Part, int Group)> _groups = [];
    private (int Number, IReadOnlyList<MessageRow> Rows)? _last;

    public int GroupCount => _groups.Count;

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
                try
                {
                    set.Add(file, content, await MessagePartFile.OpenAsync(content, cancellationToken));
                }
                catch (Exception)
                {
                    await content.DisposeAsync();
                    throw;
                }
            }

            return set;
        }
        catch (Exception)
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public ManifestFile FileOf(int group) => _parts[_groups[group].Part].File.Entry;

    public long BytesPerRow(int group) => Part(group).BytesPerRow(_groups[group].Group);

    public Task<MessagePlace[]> ReadPlacesAsync(int group, CancellationToken cancellationToken) =>
        Part(group).ReadPlacesAsync(_groups[group].Group, group, cancellationToken);

    public Task<Utf8Text[]> ReadTextAsync(int group, string column, CancellationToken cancellationToken) =>
        Part(group).ReadTextAsync(_groups[group].Group, column, cancellationToken);

    /// <summary>All rows of a group. The last group is cached: the next request often begins with it.</summary>
    public async Task<IReadOnlyList<MessageRow>> ReadAsync(int group, CancellationToken cancellationToken)
    {
        if (_last is not { } last || last.Number != group)
        {
            _last = null; // Frees the memory before the next group is read.
            _last = last = (group, await Part(group).ReadAsync(_groups[group].Group, cancellationToken));
        }

        return last.Rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((_, Stream content, _) in _parts)
            await content.DisposeAsync();
    }

    private void Add(RunFile file, Stream content, MessagePartFile part)
    {
        for (int group = 0; group < part.GroupCount; group++)
            _groups.Add((_parts.Count, group));
        _parts.Add((file, content, part));
    }

    private MessagePartFile Part(int group) => _parts[_groups[group].Part].Part;
}
