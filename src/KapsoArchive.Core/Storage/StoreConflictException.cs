namespace KapsoArchive.Core.Storage;

/// <summary>Something else already lies there, or was written in between. Nothing was overwritten.</summary>
public sealed class StoreConflictException(string message, Exception? innerException = null)
    : StoreException(message, innerException);
