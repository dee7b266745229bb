namespace KapsoArchive.Core.Index;

/// <summary>The index is damaged, incomplete or does not belong to the newest committed run. It can be rebuilt from the parts.</summary>
public class IndexDamagedException(string message, Exception? innerException = null) : Exception(message, innerException);
