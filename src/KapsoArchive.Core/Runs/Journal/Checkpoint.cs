namespace KapsoArchive.Core.Runs.Journal;

/// <summary>One entry of a run's journal: what has become safe since the entry before.</summary>
/// <param name="Files">The parts that were staged whole.</param>
/// <param name="Done">The conversations that are finished; all their rows lie in the parts of this entry or of those before.</param>
/// <param name="HasEntries">Whether a <c>.entries</c> document tells of the parts' rows.</param>
/// <param name="RejectedCount">Lines in the <c>.rejected</c> document; there is none where it is 0.</param>
/// <param name="HasPaused">Whether a <c>.paused</c> document holds conversations that were left half read.</param>
/// <param name="Requests">Requests since the entry before; likewise the other counts.</param>
internal sealed record Checkpoint(
    int Number,
    IReadOnlyList<RunFile> Files,
    PackedRecords Done,
    bool HasEntries,
    long RejectedCount,
    bool HasPaused,
    long Messages,
    long Requests,
    long Retries,
    long Throttled);
