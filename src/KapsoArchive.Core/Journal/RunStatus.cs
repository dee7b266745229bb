namespace KapsoArchive.Core.Journal;

/// <summary>Status of a run or an export.</summary>
public enum RunStatus
{
    NotStarted,
    Running,
    Succeeded,

    /// <summary>Published, but at least one conversation is incomplete or failed.</summary>
    PartiallySucceeded,
    Failed,
    Canceled,
}
