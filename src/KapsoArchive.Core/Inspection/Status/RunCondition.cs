namespace KapsoArchive.Core.Inspection.Status;

/// <summary>How a run stands, seen from outside.</summary>
public enum RunCondition
{
    /// <summary>It ended, or has not begun: its status says how.</summary>
    Settled,

    /// <summary>A process is at work on it.</summary>
    UnderWay,

    /// <summary>Nobody is at work on it; the next run goes on with it.</summary>
    Interrupted,
}
