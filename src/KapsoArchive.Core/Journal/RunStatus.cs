namespace KapsoArchive.Core.Journal;

/// <summary>How far a run or an export is.</summary>
public enum RunStatus
{
    NotStarted,
    Running,
    Succeeded,

    /// <summary>Published, but some conversation is incomplete or failed.</summary>
    PartiallySucceeded,
    Failed,
    Canceled,
}
