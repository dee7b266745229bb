using KapsoArchive.Core.Storage;

namespace KapsoArchive.Tests.Storage;

/// <summary>What <see cref="LockHoldingProcess"/> runs; by itself it is no test.</summary>
public sealed class LockHoldingProgram
{
    [Fact(Explicit = true)]
    public async Task Holds_a_lock_until_it_is_killed()
    {
        IStore store = Environment.GetEnvironmentVariable(LockHoldingProcess.Folder) is { } folder
            ? new FolderStore(folder)
            : BlobStore.FromConnectionString(
                Environment.GetEnvironmentVariable(LockHoldingProcess.Connection).ShouldNotBeNull(),
                Environment.GetEnvironmentVariable(LockHoldingProcess.Container).ShouldNotBeNull());

        await using StoreLock held = await store.LockAsync(StoreLockContract.Lock, "to be killed", TestContext.Current.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, held.Lost);
    }
}
