namespace KapsoArchive.Core.Storage;

/// <summary>A visible file in a listing.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Length">Its size in bytes.</param>
public sealed record StoredFile(StorePath Path, long Length);
