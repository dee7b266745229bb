using System.Runtime.CompilerServices;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Kills;

/// <summary>A real store that tells of each call before it is made, by number; where that throws, nothing is done.</summary>
internal sealed class ObservedStore(IStore inner, Action<int> calling) : IStore
{
    private int _calls;

    public string Location => inner.Location;

    public string LocationOf(StoreArea area) => inner.LocationOf(area);

    public Task PrepareAsync(CancellationToken cancellationToken) => Next().PrepareAsync(cancellationToken);

    public Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken) => Next().StageAsync(path, stage, cancellationToken);

    public Task RevealAsync(StagedFile file, CancellationToken cancellationToken) => Next().RevealAsync(file, cancellationToken);

    public Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken) => Next().DiscardStageAsync(stage, cancellationToken);

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => Next().WithdrawAsync(file, cancellationToken);

    public Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken) => Next().ReadAsync(path, cancellationToken);

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) => Next().OpenReadAsync(path, cancellationToken);

    public Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        Next().CreateReadLinkAsync(path, fileName, life, cancellationToken);

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Next().CreateAsync(path, content, cancellationToken);

    public Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken) =>
        Next().ReplaceAsync(path, content, etag, cancellationToken);

    public async IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredFile file in Next().ListAsync(area, prefix, cancellationToken))
            yield return file;
    }

    public async IAsyncEnumerable<StoredEntry> ListEntriesAsync(StoreArea area, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoredEntry entry in Next().ListEntriesAsync(area, prefix, cancellationToken))
            yield return entry;
    }

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken) => Next().DeleteAsync(path, cancellationToken);

    public Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken) => Next().LockAsync(path, purpose, cancellationToken);

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) => Next().ReadLockAsync(path, cancellationToken);

    private IStore Next()
    {
        calling(Interlocked.Increment(ref _calls));
        return inner;
    }
}
