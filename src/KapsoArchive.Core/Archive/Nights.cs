namespace KapsoArchive.Core.Archive;

/// <summary>The nightly runs that were committed: an empty document <c>nights/RUN_ID</c> each, in the state area. What tells whether the
/// nights go on counts these, for nothing else writes there: no run of single conversations, no export, no other kind of
/// manifest.</summary>
public sealed class Nights(IStore store)
{
    /// <summary>Folder of the marks in the state area.</summary>
    public const string Folder = "nights/";

    /// <summary>Marks a committed nightly run. Safe to repeat.</summary>
    internal async Task MarkAsync(string runId, CancellationToken cancellationToken)
    {
        var path = new StorePath(StoreArea.State, $"{Folder}{runId}");
        if (await store.ReadAsync(path, cancellationToken) is null)
            await StoreDocuments.CreateAsync(store, path, ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    /// <summary>Returns the newest one; null if there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<string?> NewestAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(StoreArea.State, Folder, cancellationToken)
            .Select(f => f.Path.Name[Folder.Length..]).Where(RunId.IsOne).MaxAsync(StringComparer.Ordinal, cancellationToken);
}
