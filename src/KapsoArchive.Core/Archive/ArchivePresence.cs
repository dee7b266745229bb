namespace KapsoArchive.Core.Archive;

/// <summary>Checks whether an archive exists at the configured place, without writing anything.</summary>
internal static class ArchivePresence
{
    /// <exception cref="SettingException">The place cannot be read.</exception>
    public static async Task<bool> IsThereAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await new CommittedRuns(store).ListAsync(cancellationToken).AnyAsync(cancellationToken)
                || await store.ReadAsync(LatestSnapshot.Latest, cancellationToken) is not null;
        }
        catch (RefusedFileException)
        {
            return true; // Something is at the path of a document; the reader of that path reports what.
        }
        catch (StoreException e)
        {
            throw new SettingException(
                $"The destination (--out, Archive:Destination or Archive:ConnectionString) cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="SettingException">No run has been committed there, or the place cannot be read.</exception>
    public static async Task CheckAsync(IStore store, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(store, cancellationToken))
            throw None(store, "");
    }

    public static SettingException None(IStore store, string besides) =>
        new(
            $"There is no archive at {store.Location}: no run has been committed there.{besides} Give the archive's location with "
                + "--lake (Archive:Destination, Archive:ConnectionString).");
}
