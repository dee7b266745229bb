using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Runs;

/// <summary>A real store whose calls fail from the nth on, as one whose disk is full or whose network is gone, and work again for the clean-up where told so.</summary>
internal sealed class FailingStore(IStore inner, int failAt, bool recovers) : IStore
{
    private int _calls;
    private bool _failed;

    public int Calls => _calls;

    /// <summary>The one method whose calls count; null for all.</summary>
    public string? Counts { get; init; }

    public string Location => inner.Location;

    public string LocationOf(StoreArea area) => inner.LocationOf(area);

    public Task PrepareAsync(CancellationToken cancellationToken) => Step(() => inner.PrepareAsync(cancellationToken));

    public async Task<StagingStream> StageAsync(StorePath path, string stage, CancellationToken cancellationToken)
    {
        await Step(() => Task.CompletedTask);
        return await inner.StageAsync(path, stage, cancellationToken);
    }

    public Task RevealAsync(StagedFile file, CancellationToken cancellationToken) => Step(() => inner.RevealAsync(file, cancellationToken));

    public async Task<bool> DiscardStageAsync(string stage, CancellationToken cancellationToken)
    {
        await Cleaning(() => Task.CompletedTask);
        return await inner.DiscardStageAsync(stage, cancellationToken);
    }

    public Task WithdrawAsync(StagedFile file, CancellationToken cancellationToken) => Cleaning(() => inner.WithdrawAsync(file, cancellationToken));

    public async Task<StoredDocument?> ReadAsync(StorePath path, CancellationToken cancellationToken)
    {
        await Step(() => Task.CompletedTask);
        return await inner.ReadAsync(path, cancellationToken);
    }

    public Task<Stream?> OpenReadAsync(StorePath path, CancellationToken cancellationToken) => inner.OpenReadAsync(path, cancellationToken);

    public Task<Uri?> CreateReadLinkAsync(StorePath path, string fileName, TimeSpan life, CancellationToken cancellationToken) =>
        inner.CreateReadLinkAsync(path, fileName, life, cancellationToken);

    public Task CreateAsync(StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Step(() => inner.CreateAsync(path, content, cancellationToken));

    public async Task<string> ReplaceAsync(StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        await Step(() => Task.CompletedTask);
        return await inner.ReplaceAsync(path, content, etag, cancellationToken);
    }

    public IAsyncEnumerable<StoredFile> ListAsync(StoreArea area, string prefix, CancellationToken cancellationToken) => inner.ListAsync(area, prefix, cancellationToken);

    public IAsyncEnumerable<StoredEntry> ListEntriesAsync(StoreArea area, string prefix, CancellationToken cancellationToken) => inner.ListEntriesAsync(area, prefix, cancellationToken);

    public Task DeleteAsync(StorePath path, CancellationToken cancellationToken) => Cleaning(() => inner.DeleteAsync(path, cancellationToken));

    public async Task<StoreLock> LockAsync(StorePath path, string purpose, CancellationToken cancellationToken)
    {
        await Step(() => Task.CompletedTask);
        return await inner.LockAsync(path, purpose, cancellationToken);
    }

    public Task<LockHolder?> ReadLockAsync(StorePath path, CancellationToken cancellationToken) => inner.ReadLockAsync(path, cancellationToken);

    private Task Step(Func<Task> call, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        if (Counts is not null && method != Counts && !_failed)
            return call();
        int number = Interlocked.Increment(ref _calls);
        if (number < failAt || (_failed && recovers))
            return call();
        _failed = true;
        throw new StoreException($"Call {number} failed, as the test wants it.");
    }

    private Task Cleaning(Func<Task> call) => recovers || !_failed ? call() : throw new StoreException("The store is still gone, as the test wants it.");
}
