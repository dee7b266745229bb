namespace KapsoArchive.Core.Lake;

/// <summary>A file of a committed run, on this machine.</summary>
/// <param name="Path">Its name in the data area.</param>
/// <param name="LocalPath">Its full path: in the lake's folder, or a copy in a cache.</param>
public sealed record LakeFile(string RunId, string Dataset, string Path, string LocalPath);
