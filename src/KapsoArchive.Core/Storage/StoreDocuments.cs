namespace KapsoArchive.Core.Storage;

/// <summary>Writes documents, and looks again before it believes that it could not: an answer that was lost is no failure.</summary>
internal static class StoreDocuments
{
    private const int MaxAttempts = 3;

    /// <summary>Creates a document that counts once it is there: of two writers, the first.</summary>
    /// <exception cref="StoreConflictException">Another document is there.</exception>
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

    /// <summary>Replaces a document that is as it was when it was read.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StoreConflictException">It is another now, or gone.</exception>
    public static async Task<string> ReplaceAsync(IStore store, StorePath path, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
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

    /// <summary>Writes a document that has one writer at a time, whatever was there before.</summary>
    /// <returns>The new ETag.</returns>
    public static async Task<string> OverwriteAsync(IStore store, StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
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
                // Written in between, perhaps by an execution that was cut off: look again.
            }
        }
    }

    /// <returns>Null if another document is there, or none.</returns>
    private static async Task<StoredDocument?> FindAsync(
        IStore store, StorePath path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, cancellationToken) is { } found && found.Content.Span.SequenceEqual(content.Span) ? found : null;
}
