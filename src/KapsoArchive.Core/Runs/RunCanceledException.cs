namespace KapsoArchive.Core.Runs;

/// <summary>The run was cancelled on request. Nothing of it is left.</summary>
public sealed class RunCanceledException(string runId, Exception? inner = null) : Exception(
    $"Run {runId} was cancelled on request. It left nothing behind.", inner);
