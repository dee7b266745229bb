using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Storage;

public sealed class FolderStoreContractTests : StoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IStore> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IStore>(new FolderStore(_folder.Path));

    protected override void Dispose() => _folder.Dispose();
}
