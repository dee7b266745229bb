using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Tests.Cli.Serve;

public sealed class FolderServeTests : ServeContract
{
    internal override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new FolderStore(Folder.File("lake")));

    protected override Task SetStoreAsync()
    {
        Settings["Archive__Destination"] = Folder.File("lake");
        return Task.CompletedTask;
    }
}
