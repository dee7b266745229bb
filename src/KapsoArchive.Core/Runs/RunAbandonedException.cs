using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs;

/// <summary>A run cannot be finished, and was given up. Nothing of it is committed.</summary>
public sealed class RunAbandonedException(string message, Exception? innerException = null) : StoreException(message, innerException);
