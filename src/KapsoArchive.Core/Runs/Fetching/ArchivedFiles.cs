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
            await run.ReadMediaAsync(only, Add, cancellationToken);

        return archived;

        void Add(MediaRow row)
        {
            UInt128 key = WaitingFile.KeyOf(row);
            if (keys.Contains(key) && row.CountsAfter(archived._rows.GetValueOrDefault(key)?.Outcome == MediaOutcome.Stored))
                archived._rows[key] = row; // The newest run comes last.
        }
    }

    /// <summary>The newest row of a stored file, else the last attempt; null if it was never tried.</summary>
    public MediaRow? Find(WaitingFile file) => _rows.GetValueOrDefault(file.Key);
}
