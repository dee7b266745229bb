namespace KapsoArchive.Core.Storage;

/// <summary>Writes documents. After a failure it checks whether the document was written, because the answer may have been lost.</summary>
internal static class StoreDocuments
{
    private const int MaxAttempts = 3;

    /// <summary>Creates a document. Of two writers, the first wins.</summary>
    /// <exception cref="StoreConflictException">A different document exists.</exception>
    public static async Task CreateAsync(IStore store, StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await store.CreateAsync(path, content, cancellationToken);
        }
        catch (StoreException)
        {
            if (await FindAsync(store, path, content, cancellationToken) is null)
                throw;
        }
    }

    /// <summary>Replaces a document that is unchanged since it was read.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StoreConflictException">It was changed or deleted.</exception>
    public static async Task<string> ReplaceAsync(
        IStore store, StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReplaceAsync(path, content, etag, cancellationToken);
        }
        catch (StoreException)
        {
            if (await FindAsync(store, path, content, cancellationToken) is { } found)
                return found.ETag;
            throw;
        }
    }

    /// <summary>Writes a document that has one writer at a time, whatever its previous content.</summary>
    /// <returns>The new ETag.</returns>
    public static async Task<string> OverwriteAsync(
        IStore store, StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            StoredDocument? before = await store.ReadAsync(path, cancellationToken);
            if (before?.Content.Span.SequenceEqual(content.Span) == true)
                return before.ETag;
            try
            {
                return await store.ReplaceAsync(path, content, before?.ETag, cancellationToken);
            }
            catch (StoreConflictException) when (attempt < MaxAttempts)
            {
                // Written in the meantime, perhaps by an interrupted execution: read it again.
            }
        }
    }

    /// <returns>Null if the document is different or missing.</returns>
    private static async Task<StoredDocument?> FindAsync(
        IStore store, StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, cancellationToken) is { } found && found.Content.Span.SequenceEqual(content.Span) ? found : null;
}
