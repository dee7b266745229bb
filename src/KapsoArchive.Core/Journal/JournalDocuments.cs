using System.Text.Json.Serialization.Metadata;

namespace KapsoArchive.Core.Journal;

/// <summary>Reads and writes the documents of one journal by their names in its folder.</summary>
internal sealed class JournalDocuments(IStore store, string folder)
{
    /// <returns>Null if the document does not exist.</returns>
    /// <exception cref="InvalidDataException">It is damaged. As in the other methods, the message names it.</exception>
    public async Task<T?> ReadAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => (await ReadWithETagAsync(name, type, cancellationToken))?.Document;

    /// <returns>The document and the ETag for <see cref="ReplaceAsync"/>; null if it does not exist.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<(T Document, string ETag)?> ReadWithETagAsync<T>(
        string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await store.ReadAsync(Path(name), cancellationToken) is not { } stored)
            return null;
        try
        {
            return (JsonSerializer.Deserialize(stored.Content.Span, type) ?? throw new JsonException("It is null."), stored.ETag);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Damaged(name, "is damaged", e);
        }
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string name, CancellationToken cancellationToken) =>
        (await store.ReadAsync(Path(name), cancellationToken))?.Content;

    /// <exception cref="InvalidDataException">It is missing or damaged.</exception>
    public async Task<PackedItems> ReadPackedAsync(string name, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> document = await ReadAsync(name, cancellationToken) ?? throw Missing(name);
        return Named(name, () => PackedItems.FromDocument(document));
    }

    /// <summary>Decodes a document's content and adds its name to errors.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public T Named<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e) when (e.InnerException is not DamagedDocumentException)
        {
            throw Damaged(name, $"is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Named"/>
    public async Task<T> NamedAsync<T>(string name, Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (
            e is (InvalidDataException or EndOfStreamException or ArgumentException) and not { InnerException: DamagedDocumentException })
        {
            throw Damaged(name, $"is damaged: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">It is missing.</exception>
    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(Path(name), cancellationToken) ?? throw Missing(name);

    /// <exception cref="StoreConflictException">Another writer of this journal created it first.</exception>
    public Task CreateAsync<T>(string name, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        CreateAsync(name, JsonSerializer.SerializeToUtf8Bytes(document, type), cancellationToken);

    /// <inheritdoc cref="CreateAsync{T}"/>
    public Task CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        StoreDocuments.CreateAsync(store, Path(name), content, cancellationToken);

    /// <returns>The new ETag.</returns>
    /// <exception cref="StoreConflictException">Another writer of this journal has replaced it since, or the journal has ended.</exception>
    public Task<string> ReplaceAsync<T>(string name, T document, JsonTypeInfo<T> type, string? etag, CancellationToken cancellationToken) =>
        StoreDocuments.ReplaceAsync(store, Path(name), JsonSerializer.SerializeToUtf8Bytes(document, type), etag, cancellationToken);

    public InvalidDataException Missing(string name) => Damaged(name, "is missing");

    public InvalidDataException Damaged(string name, string problem, Exception? reason = null)
    {
        var damage = new DamagedDocumentException(Path(name).Name, problem, reason);
        return new InvalidDataException(damage.Message, damage);
    }

    public StorePath Path(string name) => new(StoreArea.State, folder + name);
}
