using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The archive as of its newest run. Keeps the list of conversations, 7 MB for 100,000, until the next run is committed.</summary>
internal sealed class ArchiveReading(IStore store, ArchiveStatus status)
{
    private ConversationDirectory? _directory;

    /// <returns>Null before the first run.</returns>
    /// <exception cref="StoreException">The store cannot be read, or its index is damaged.</exception>
    public async Task<ArchiveView?> OpenAsync(CancellationToken cancellationToken)
    {
        if (await status.NewestAsync(cancellationToken) is not var (manifest, sha256))
            return null;
        ConversationDirectory? directory = _directory;
        if (directory?.Snapshot != manifest.RunId)
            _directory = directory = await ConversationDirectory.OpenAsync(store, cancellationToken);
        return new ArchiveView(directory, manifest, sha256);
    }
}
