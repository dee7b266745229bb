namespace KapsoArchive.Core.Runs.Reading;

/// <summary>The source failed for so long or so often that the run was stopped. The message gives the details.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether every failure was one of <see cref="Kapso.KapsoException.IsDown"/>.</summary>
    public bool IsDown { get; init; }
}
