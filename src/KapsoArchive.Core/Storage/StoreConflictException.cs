namespace KapsoArchive.Core.Storage;

/// <summary>Another file or document exists, or was written in the meantime. Nothing was overwritten.</summary>
public sealed class StoreConflictException(string message, Exception? innerException = null)
    : StoreException(message, innerException);
