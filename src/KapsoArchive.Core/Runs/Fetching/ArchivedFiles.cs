using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>The files that the archive has of some messages, for an export.</summary>
internal sealed class ArchivedFiles
{
    private readonly Dictionary<UInt128, MediaRow> _rows = [];

    /// <param name="files">Of these messages.</param>
    /// <exception cref="DamagedFileException">A file of the archive is damaged.</exception>
    public static async Task<ArchivedFiles> ReadAsync(
        IStore store, IReadOnlyCollection<WaitingFile> files, CancellationToken cancellationToken)
    {
        var archived = new ArchivedFiles();
        HashSet<UInt128> keys = [.. files.Select(f => f.Key)];
        string[] conversations = [.. files.Select(f => f.ConversationId).Distinct(StringComparer.Ordinal)];
        string? only = conversations.Length == 1 ? conversations[0] : null;
        await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(upTo: null, comparesBytes: false, cancellationToken))
        {
            foreach (ManifestFile part in run.Manifest.Files.Where(f => f.Dataset == Datasets.Media.Name))
                await run.ReadAsync(part, stream => archived.AddAsync(stream, only, keys, cancellationToken), cancellationToken);
        }

        return archived;
    }

    public MediaRow? Find(WaitingFile file) => _rows.GetValueOrDefault(file.Key);

    private async Task AddAsync(Stream stream, string? only, HashSet<UInt128> keys, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<MediaRow> rows in MediaReader.ReadAsync(stream, only, cancellationToken))
        {
            foreach (MediaRow row in rows.Where(r => r.Outcome == MediaOutcome.Stored))
            {
                UInt128 key = new WaitingFile(row.ConversationId, row.MessageId, []).Key;
                if (keys.Contains(key))
                    _rows[key] = row; // The newest run comes last.
            }
        }
    }
}
