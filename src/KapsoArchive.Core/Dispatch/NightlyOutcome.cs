namespace KapsoArchive.Core.Dispatch;

/// <summary>Result of requesting the nightly run.</summary>
public enum NightlyOutcome
{
    /// <summary>It is accepted, and a worker carries it out.</summary>
    Begun,

    /// <summary>A run in progress reads everything that this one was to read.</summary>
    Joined,

    /// <summary>Other work is in progress: a different run, or a verification. The nightly run can begin after that.</summary>
    Busy,
}
