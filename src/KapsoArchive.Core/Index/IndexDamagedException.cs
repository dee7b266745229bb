namespace KapsoArchive.Core.Index;

/// <summary>The index is damaged, incomplete or not that of the newest committed run. It can be rebuilt from the parts.</summary>
public class IndexDamagedException(string message, Exception? innerException = null) : Exception(message, innerException);
