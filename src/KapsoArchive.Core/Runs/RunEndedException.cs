namespace KapsoArchive.Core.Runs;

/// <summary>A run has ended without a manifest: it failed and cannot be finished, or was cancelled on request.</summary>
public sealed class RunEndedException(RunStatus status, string message, Exception? innerException = null)
    : StoreException(message, innerException)
{
    /// <summary>How it ended: <see cref="RunStatus.Failed"/> or <see cref="RunStatus.Canceled"/>.</summary>
    public RunStatus Status => status;
}
