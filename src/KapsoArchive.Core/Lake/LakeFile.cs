namespace KapsoArchive.Core.Lake;

/// <summary>A file of a committed run.</summary>
/// <param name="Path">Its name in the data area.</param>
/// <param name="LocalPath">Its full path on this machine, in the lake's folder or in a cache; null if the views do not read it.</param>
public sealed record LakeFile(string RunId, string Dataset, string Path, string? LocalPath);
