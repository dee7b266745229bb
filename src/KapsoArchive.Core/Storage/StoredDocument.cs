namespace KapsoArchive.Core.Storage;

/// <summary>A small file, read completely.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">Pass it to <see cref="IStore.ReplaceAsync"/> to prove that the document is unchanged. Opaque: only the store
/// interprets it.</param>
public sealed record StoredDocument(ReadOnlyMemory<byte> Content, string ETag);
