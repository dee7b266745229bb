namespace KapsoArchive.Core.Storage;

/// <summary>The store cannot do what was requested. The message is a sentence for people: it names the location and what to check, without
/// secrets.</summary>
public class StoreException(string message, Exception? innerException = null) : Exception(message, innerException);
