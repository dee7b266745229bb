namespace KapsoArchive.Core.Storage;

/// <summary>A complete file that is not visible yet. It serializes to JSON and holds all that another process needs to reveal it from the
/// same store.</summary>
/// <param name="Path">The path at which it will be visible.</param>
/// <param name="Stage">The group it was staged in: a run's id.</param>
/// <param name="Attempt">Identifies this staging among others of the same path: the staging file's name, or the first part of each block
/// id.</param>
/// <param name="Blocks">The number of staged blocks; 0 in a folder.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 lower-case hex digits.</param>
public sealed record StagedFile(StorePath Path, string Stage, string Attempt, int Blocks, long Length, string Sha256);
