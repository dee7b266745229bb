namespace KapsoArchive.Core.Dispatch;

/// <summary>What became of asking for the nightly run.</summary>
public enum NightlyOutcome
{
    /// <summary>It is in the queue.</summary>
    Begun,

    /// <summary>A run is under way that reads all of what this one was to read.</summary>
    Joined,

    /// <summary>Something else is under way: a run that does other things, or a verification. The nightly run can begin after that.</summary>
    Busy,
}
