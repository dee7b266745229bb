namespace KapsoArchive.Core.Media.Waiting;

/// <summary>Writes waiting files to documents, those of one month together, so that the newest can be tried first. Holds some thousands in
/// memory.</summary>
/// <param name="prefix">Begins the names of the documents; unique to the writer.</param>
internal sealed class ChunkWriter(IStore store, string prefix)
{
    private const int MostInChunk = 5_000;
    private const int MostInMemory = 20_000;
    private const long Month = 30L * 24 * 60 * 60 * 1_000_000;

    private readonly Dictionary<long, List<WaitingFile>> _months = [];
    private readonly List<WaitingChunk> _written = [];
    private int _waiting;

    public async Task AddAsync(WaitingFile file, CancellationToken cancellationToken)
    {
        long month = (file.CreatedAt ?? 0) / Month;
        List<WaitingFile> files = CollectionsMarshal.GetValueRefOrAddDefault(_months, month, out _) ??= [];
        files.Add(file);
        _waiting++;
        if (files.Count == MostInChunk)
            await FlushAsync(month, cancellationToken);
        else if (_waiting > MostInMemory)
            await FlushAsync(_months.MaxBy(m => m.Value.Count).Key, cancellationToken);
    }

    /// <summary>Writes what is in memory.</summary>
    /// <returns>All documents.</returns>
    public async Task<IReadOnlyList<WaitingChunk>> CompleteAsync(CancellationToken cancellationToken)
    {
        // What is left of all months fits into a few documents.
        WaitingFile[] rest = [.. _months.OrderByDescending(m => m.Key).SelectMany(m => m.Value)];
        foreach (WaitingFile[] files in rest.Chunk(MostInChunk))
            await WriteAsync(files, cancellationToken);
        _months.Clear();
        return _written;
    }

    private async Task FlushAsync(long month, CancellationToken cancellationToken)
    {
        _months.Remove(month, out List<WaitingFile>? files);
        _waiting -= files!.Count;
        await WriteAsync(files, cancellationToken);
    }

    private async Task WriteAsync(IReadOnlyCollection<WaitingFile> files, CancellationToken cancellationToken)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{_written.Count:D5}.files");
        await WaitingFiles.CreateAsync(store, name, WaitingChunk.ToBytes(files), cancellationToken);
        _written.Add(WaitingChunk.Of(name, files));
    }
}
