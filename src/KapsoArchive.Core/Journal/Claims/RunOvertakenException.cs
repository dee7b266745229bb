namespace KapsoArchive.Core.Journal.Claims;

/// <summary>Another writer took over while this one was paused: this one writes nothing more.</summary>
public sealed class RunOvertakenException(string message, Exception? innerException = null) : StoreException(message, innerException);
