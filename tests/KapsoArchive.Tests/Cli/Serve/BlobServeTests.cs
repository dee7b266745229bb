using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>An account has one queue of runs, so each test has an account of its own.</summary>
public sealed class BlobServeTests : ServeContract
{
    private readonly AzuriteServer _azurite = new();

    internal override async Task<IStore> OpenAsync() => BlobStore.FromConnectionString(await _azurite.ConnectionStringAsync(Cancellation), "lake");

    protected override async Task SetStoreAsync()
    {
        Settings["Archive__ConnectionString"] = await _azurite.ConnectionStringAsync(Cancellation);
        Settings["Archive__Container"] = "lake";
    }

    protected override ValueTask EndStoreAsync() => _azurite.DisposeAsync();
}
