namespace KapsoArchive.Core.Index;

/// <summary>Writes leaves, several at once: an index of 100,000 conversations has some 12,500, and a request to a blob store takes 20 ms.
/// At most <see cref="MaxCount"/> leaves and <see cref="MaxBytes"/> bytes are in flight; one leaf may always proceed alone.</summary>
internal sealed class LeafUploads(IStore store) : IAsyncDisposable
{
    public const int MaxCount = 32;

    public const int MaxBytes = 32 * 1024 * 1024;

    private readonly List<(Task Write, int Bytes)> _inFlight = [];
    private long _bytes;

    /// <summary>Begins to write a leaf, once there is room for it.</summary>
    /// <returns>Its name. It is written once <see cref="CompleteAsync"/> has returned.</returns>
    public async Task<string> AddAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken)
    {
        while (_inFlight.Count == MaxCount || (_inFlight.Count > 0 && _bytes + leaf.Length > MaxBytes))
            await RemoveAsync(await Task.WhenAny(_inFlight.Select(l => l.Write)));
        string name = IndexLeaf.NameOf(leaf);
        _bytes += leaf.Length;
        _inFlight.Add((WriteAsync(name, leaf, cancellationToken), leaf.Length));
        return name;
    }

    /// <summary>Waits until all leaves are written.</summary>
    /// <exception cref="StoreException">A leaf could not be written.</exception>
    public Task CompleteAsync() => Task.WhenAll(_inFlight.Select(l => l.Write));

    /// <summary>Waits for the leaves in flight, so that no write outlives its caller. Failures are those of <see cref="AddAsync"/> and
    /// <see cref="CompleteAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task RemoveAsync(Task write)
    {
        int place = _inFlight.FindIndex(l => l.Write == write);
        _bytes -= _inFlight[place].Bytes;
        _inFlight.RemoveAt(place);
        await write;
    }

    /// <summary>A leaf is named after its content, so one that is there is the same, unless it is damaged.</summary>
    private async Task WriteAsync(string name, ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken)
    {
        StorePath path = ArchiveIndex.LeafPath(name);
        try
        {
            await store.CreateAsync(path, leaf, cancellationToken);
        }
        catch (StoreConflictException)
        {
            await StoreDocuments.OverwriteAsync(store, path, leaf, cancellationToken);
        }
    }
}
