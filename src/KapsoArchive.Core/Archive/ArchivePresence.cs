using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Archive;

/// <summary>Tells whether there is an archive where the settings say, without writing anything.</summary>
internal static class ArchivePresence
{
    /// <exception cref="SettingException">The place cannot be read.</exception>
    public static async Task<bool> IsThereAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            await foreach ((string, StorePath) run in CommittedRuns.ListAsync(store, cancellationToken))
                return true;
            return await store.ReadAsync(LatestSnapshot.Latest, cancellationToken) is not null;
        }
        catch (RefusedFileException)
        {
            return true; // Something lies in the place of a document; whoever reads that says what.
        }
        catch (StoreException e)
        {
            throw new SettingException($"The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be read: {e.Message}", e);
        }
    }

    public static SettingException None(IStore store, string besides) =>
        new($"There is no archive at {store.Location}: no run has been committed there.{besides} Give the archive's place: --out, or --lake of report (Archive:Destination, Archive:ConnectionString).");
}
