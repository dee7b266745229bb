namespace KapsoArchive.Core.Storage;

/// <summary>A visible file, as a listing shows it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Length">Its size in bytes.</param>
public sealed record StoredFile(StorePath Path, long Length);
