namespace KapsoArchive.Core.Journal.Claims;

/// <summary>How far a run is, as its claim says.</summary>
internal enum ClaimPhase
{
    /// <summary>Nothing of it is visible: another writer may begin a run of its own.</summary>
    Reading,

    /// <summary>Something of it may be visible: every other writer finishes it first, and never takes it back.</summary>
    Publishing,

    /// <summary>It is over, whether it was committed or given up.</summary>
    Done,
}
