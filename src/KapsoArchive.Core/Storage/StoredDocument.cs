namespace KapsoArchive.Core.Storage;

/// <summary>A small file, read whole.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">
/// What <see cref="IStore.ReplaceAsync"/> wants back to prove that nobody wrote in between. Opaque: a store gives and compares it.
/// </param>
public sealed record StoredDocument(ReadOnlyMemory<byte> Content, string ETag);
