namespace KapsoArchive.Core.Journal.Claims;

/// <summary>Phase of a run, as its claim records it.</summary>
internal static class ClaimPhase
{
    /// <summary>Nothing of the run is visible: another writer may begin a run of its own.</summary>
    public const string Reading = "Reading";

    /// <summary>Something of the run may be visible: every other writer finishes it first, and never withdraws it.</summary>
    public const string Publishing = "Publishing";

    /// <summary>The run has ended, whether committed or abandoned.</summary>
    public const string Done = "Done";
}
