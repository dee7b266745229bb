using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Inspection.Verification;

public sealed class BlobVerificationTests(AzuriteServer azurite) : VerificationContract
{
    protected override async Task<IStore> OpenAsync() =>
        BlobStore.FromConnectionString(await azurite.ConnectionStringAsync(Cancellation), azurite.NewContainerName());
}
