namespace KapsoArchive.Core.Archive;

/// <summary>The nightly runs that were committed: one empty document <c>nights/RUN_ID</c> each, in the state area. Monitoring counts these
/// documents, because only nightly runs write them: not runs of single conversations, exports or other kinds of manifest.</summary>
public sealed class Nights(IStore store)
{
    /// <summary>Folder of the marks in the state area.</summary>
    public const string Folder = "nights/";

    /// <summary>Marks a committed nightly run. Safe to repeat.</summary>
    internal Task MarkAsync(string runId, CancellationToken cancellationToken) => StoreDocuments.OverwriteAsync(
        store, new StorePath(StoreArea.State, $"{Folder}{runId}"), ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <summary>The id of the newest nightly run; null before the first.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<string?> NewestAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(StoreArea.State, Folder, cancellationToken)
            .Select(f => f.Path.Name[Folder.Length..]).Where(RunId.IsOne).MaxAsync(StringComparer.Ordinal, cancellationToken);
}
