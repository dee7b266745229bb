namespace KapsoArchive.Core.Runs.Reading;

/// <summary>The source does not answer as it should, for so long or so often that the run was given up. The message says so in words.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : Exception(message, inner);
