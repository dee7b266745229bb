namespace KapsoArchive.Core.Runs;

/// <summary>Somebody had the run cancelled. Nothing of it is left.</summary>
public sealed class RunCanceledException(string runId, Exception? inner = null) : Exception($"Run {runId} was cancelled on request. Nothing of it is left.", inner);
