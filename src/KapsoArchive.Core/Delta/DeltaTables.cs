namespace KapsoArchive.Core.Delta;

/// <summary>The tables of the lake, for engines that read Delta Lake. A run appears in a table whole, with one commit.</summary>
internal static class DeltaTables
{
    /// <summary>Writes what the tables' logs lack. An archive of an older program gets its whole logs.</summary>
    /// <returns>Null, or the sentence that says why a log does not go on. The archive itself is whole.</returns>
    /// <exception cref="StoreException">The store failed. The next execution continues from there.</exception>
    public static async Task<string?> AppendAsync(IStore store, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        foreach (DeltaTable table in DeltaTable.All)
        {
            try
            {
                await new DeltaLog(store, table).AppendAsync(cancellationToken);
            }
            catch (DamagedFileException e)
            {
                problems.Add($"The Delta table {table.Name} does not get newer runs: {e.Message}");
            }
        }

        return problems.Count == 0 ? null : string.Join(' ', problems);
    }
}
