using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Inspection.Verification;

public sealed class FolderVerificationTests : VerificationContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new FolderStore(_folder.File(Guid.NewGuid().ToString("N"))));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }
}
