namespace KapsoArchive.Core.Runs;

/// <summary>A run could not be finished and was abandoned. Nothing of it is committed.</summary>
public sealed class RunAbandonedException(string message, Exception? innerException = null) : StoreException(message, innerException);
