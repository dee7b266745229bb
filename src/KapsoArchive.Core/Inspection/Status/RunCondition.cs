namespace KapsoArchive.Core.Inspection.Status;

/// <summary>The state of a run as seen by others.</summary>
public enum RunCondition
{
    /// <summary>Finished or not started; see its status.</summary>
    Settled,

    /// <summary>A process is working on it.</summary>
    UnderWay,

    /// <summary>No process is working on it. The next run continues it.</summary>
    Interrupted,
}
