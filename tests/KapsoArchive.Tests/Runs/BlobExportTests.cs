using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Runs;

public sealed class BlobExportTests(AzuriteServer azurite) : ExportContract
{
    protected override async Task<IStore> OpenAsync() =>
        BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
}
