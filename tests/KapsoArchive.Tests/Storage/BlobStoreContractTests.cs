using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class BlobStoreContractTests(AzuriteServer azurite) : StoreContract
{
    private readonly string _container = azurite.NewContainerName();

    protected override async Task<IStore> OpenAsync(CancellationToken cancellationToken) =>
        BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(cancellationToken), _container);

    protected override void Dispose()
    {
    }
}
