using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Api;

/// <summary>A real store that makes links, as a blob store does, and remembers for what; or whose links fail in a way that nobody thought of.</summary>
internal sealed class LinkingStore(IStore inner, Exception? unforeseen = null) : IStore
{
    private readonly List<(string Path, string FileName, TimeSpan Life)> _asked = [];

    public IReadOnlyList<(string Path, string FileName, TimeSpan Life)> Asked => _asked;

    public string Location => inner.Location;

    public string LocationOf(StoreArea area) => inner.LocationOf(area);

    public Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken)
    {
        _asked.Add((path.Name, fileName, life));
        if (unforeseen is not null)
            throw unforeseen;
        return Task.FromResult<Uri?>(new Uri("https://blobs.invalid/exports/file?sig=s%2Fcret"));
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => inner.PrepareAsync(cancellationToken);

    public Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken) => inner.StageAsync(path, stage, cancellationToken);

    public Task RevealAsync(StagedFile file, CancellationToken cancellationToken) => inner.RevealAsync(file, cancellationToken);

    public Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken) => inner.DiscardStageAsync(stage, cancellationToken);

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => inner.WithdrawAsync(file, cancellationToken);

    public Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken) => inner.ReadAsync(path, cancellationToken);

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) => inner.OpenReadAsync(path, cancellationToken);

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.CreateAsync(path, content, cancellationToken);

    public Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken) => inner.ReplaceAsync(path, content, etag, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken) => inner.ListAsync(area, prefix, cancellationToken);

    public IAsyncEnumerable<StoredEntry> ListEntriesAsync(StoreArea area, string prefix, CancellationToken cancellationToken) => inner.ListEntriesAsync(area, prefix, cancellationToken);

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken) => inner.LockAsync(path, purpose, cancellationToken);

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) => inner.ReadLockAsync(path, cancellationToken);
}
