namespace KapsoArchive.Core.Storage;

/// <summary>Writes documents that have one writer at a time, whatever was there before.</summary>
internal static class StoreDocuments
{
    private const int MaxAttempts = 3;

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
}
