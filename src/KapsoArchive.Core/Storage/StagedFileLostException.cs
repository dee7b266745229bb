namespace KapsoArchive.Core.Storage;

/// <summary>
/// What was staged is gone and the file is not visible either: the staging file was deleted, or Azure dropped the blocks
/// (it does so a week after they were sent). Only staging the content again helps.
/// </summary>
public sealed class StagedFileLostException(string message, Exception? innerException = null)
    : StoreException(message, innerException);
