namespace KapsoArchive.Core.Storage;

/// <summary>The staged content is gone and the file is not visible: the staging file was deleted, or Azure dropped the blocks (it does so
/// after a week). The content must be staged again.</summary>
public sealed class StagedFileLostException(string message, Exception? innerException = null)
    : StoreException(message, innerException);
